// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Tells when something comes into a directory, inotify(7).
public final class DirectoryWatch {
    /// How it comes there.
    public enum Arrival: Sendable {
        /// A file gets its name: `IN_MOVED_TO`.
        case named
        /// A file or directory is made: `IN_CREATE`.
        case made

        fileprivate var mask: Int { self == .named ? 0x80 : 0x100 }
    }

    private let queue: Descriptor

    /// Fails with EMFILE where the user has too many such watches, and as opening the directory would.
    public init(_ path: String, for arrival: Arrival = .named) throws(SystemError) {
        let flags = Int(O_NONBLOCK | O_CLOEXEC)
        let number = try check(clinux_call(Int(SYS_inotify_init1), flags, 0, 0, 0, 0), "make", "inotify descriptor")
        queue = Descriptor(adopting: CInt(number))
        let result = path.withCString {
            clinux_call(Int(SYS_inotify_add_watch), number, Int(bitPattern: $0), arrival.mask, 0, 0)
        }
        _ = try check(result, "watch", path)
    }

    /// For `EventInterest.read`.
    public var descriptor: CInt { queue.number }

    /// Takes what has been told so far: that something has come is all that is wanted.
    public func clear() throws(SystemError) {
        while let some = try queue.readSome(atMost: 4096), !some.isEmpty {}
    }
}
