// SPDX-License-Identifier: Apache-2.0
import CLinux

/// What is waited for on a descriptor, and what was found there.
public struct EventInterest: OptionSet, Hashable, Sendable {
    /// Bits of epoll.
    public let rawValue: UInt32

    /// From bits of epoll.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ value: Int) { self.init(rawValue: UInt32(value)) }

    /// Data, a new connection, the end of file; on a pidfd the exit of its process.
    public static let read = EventInterest(CLINUX_EPOLLIN)
    /// Room to write without blocking.
    public static let write = EventInterest(CLINUX_EPOLLOUT)
    /// A change of a kernel file such as `cgroup.events`.
    public static let priority = EventInterest(CLINUX_EPOLLPRI)
    /// The other end is gone. Found whether it was asked for or not.
    public static let hangup = EventInterest(CLINUX_EPOLLHUP)
    /// Found whether it was asked for or not.
    public static let error = EventInterest(CLINUX_EPOLLERR)

    /// The kernel has two kinds of hang-up; nobody here has to tell them apart.
    var kernelBits: UInt32 { contains(.hangup) ? rawValue | UInt32(CLINUX_EPOLLRDHUP) : rawValue }

    init(kernelBits: UInt32) {
        let other = kernelBits & ~UInt32(CLINUX_EPOLLRDHUP)
        self.init(rawValue: other == kernelBits ? other : other | UInt32(CLINUX_EPOLLHUP))
    }
}
