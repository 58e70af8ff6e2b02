// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file of the caller's, opened early so that one that cannot be written is told of at once, and written late: until
/// then what is in it stays as it is.
public final class OutputFile: Sendable {
    private let path: String
    private let file: Descriptor
    private let isNew: Bool

    /// Opens the file, or makes it with the caller's umask. Fails with what open(2) fails with.
    public init(_ path: String) throws(SystemError) {
        self.path = path
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY
        var number = open(path, flags | O_EXCL, 0o666)
        isNew = number >= 0
        if number < 0 && errno == EEXIST { number = open(path, flags, 0o666) }
        if number < 0 { throw SystemError("open", path, Errno(rawValue: errno)) }
        file = Descriptor(adopting: number)
    }

    /// Writes this in place of whatever is in it.
    public func replaceContents(with bytes: [UInt8]) throws(SystemError) {
        // EINVAL: a pipe, a terminal or a device, which has no contents to be replaced.
        if ftruncate(file.number, 0) < 0 && errno != EINVAL {
            throw SystemError("truncate", path, Errno(rawValue: errno))
        }
        do throws(SystemError) {
            try writeAll(bytes, to: file.number, subject: path)
        } catch {
            // Nothing is better than a part that may look whole.
            _ = ftruncate(file.number, 0)
            throw error
        }
    }

    /// Nothing will be written: takes the file away again if it has been made here.
    public func discard() throws(SystemError) {
        if isNew && unlink(path) < 0 && errno != ENOENT {
            throw SystemError("remove", path, Errno(rawValue: errno))
        }
    }
}
