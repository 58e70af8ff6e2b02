// SPDX-License-Identifier: Apache-2.0
import CLinux

/// What is waited for on a descriptor, and what was found there.
public struct EventInterest: OptionSet, Hashable, Sendable {
    /// Bits of epoll.
    public let rawValue: UInt32

    /// From bits of epoll.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Data, a new connection, the end of file; on a pidfd the exit of its process.
    public static let read = EventInterest(rawValue: EPOLLIN.rawValue)
    /// Room to write without blocking.
    public static let write = EventInterest(rawValue: EPOLLOUT.rawValue)
    /// A change of a kernel file such as `cgroup.events`.
    public static let priority = EventInterest(rawValue: EPOLLPRI.rawValue)
    /// The other end is gone. Found whether it was asked for or not.
    public static let hangup = EventInterest(rawValue: EPOLLHUP.rawValue)
    /// Found whether it was asked for or not.
    public static let error = EventInterest(rawValue: EPOLLERR.rawValue)

    /// The kernel has two kinds of hang-up; nobody here has to tell them apart.
    var kernelBits: UInt32 { contains(.hangup) ? rawValue | EPOLLRDHUP.rawValue : rawValue }

    init(kernelBits: UInt32) {
        let other = kernelBits & ~EPOLLRDHUP.rawValue
        self.init(rawValue: other == kernelBits ? other : other | EPOLLHUP.rawValue)
    }
}
