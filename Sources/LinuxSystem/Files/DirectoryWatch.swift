// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Tells when a file gets its name in a directory: inotify(7), `IN_MOVED_TO`.
public final class DirectoryWatch {
    private let queue: Descriptor

    /// Fails with EMFILE where the user has too many such watches, and as opening the directory would.
    public init(_ path: String) throws(SystemError) {
        let flags = Int(O_NONBLOCK | O_CLOEXEC)
        let number = try check(clinux_call(Int(SYS_inotify_init1), flags, 0, 0, 0, 0), "make", "inotify descriptor")
        queue = Descriptor(adopting: CInt(number))
        let movedTo = 0x80
        let result = path.withCString {
            clinux_call(Int(SYS_inotify_add_watch), number, Int(bitPattern: $0), movedTo, 0, 0)
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
