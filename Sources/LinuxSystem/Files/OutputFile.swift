// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A file of the caller's, opened early so that one that cannot be written is told of at once, and written late: until
/// then what is in it stays as it is.
public final class OutputFile: Sendable {
    private let path: String
    private let file: Descriptor
    private let isNew: Bool

    /// Opens the file, or makes it with the caller's umask. Fails with what open(2) fails with.
    ///
    /// Root follows no link on the way, and writes to no file of somebody else's: whoever can write to one of the
    /// directories could have put it there. Descriptors of root's own (`/dev/fd/N`) are its own to choose.
    public init(_ path: String) throws(SystemError) {
        self.path = path
        let flags = O_WRONLY | O_CLOEXEC | O_NOCTTY
        let isGuarded = CurrentProcess.effectiveUID == 0 && !Self.ownDescriptors.contains(where: path.hasPrefix)
        let open = isGuarded ? Self.openGuarded : Self.openPlain
        var result = open(path, flags | O_CREAT | O_EXCL)
        isNew = result >= 0
        if result == -EEXIST { result = open(path, flags | (isGuarded ? O_NONBLOCK : O_CREAT)) }
        if result == -ELOOP, isGuarded {
            throw SystemError("open", "\(path), as root, which follows no symbolic link", .tooManySymbolicLinkLevels)
        }
        file = Descriptor(adopting: try check(result, "open", path))
        if isGuarded, !isNew { try requireOwn() }
    }

    private static let ownDescriptors = ["/dev/fd/", "/dev/std", "/proc/self/fd/"]

    private static func openPlain(_ path: String, _ flags: CInt) -> CInt {
        let number = open(path, flags, 0o666)
        return number < 0 ? -errno : number
    }

    private static func openGuarded(_ path: String, _ flags: CInt) -> CInt { openWithoutLinks(path, flags, 0o666) }

    private func requireOwn() throws(SystemError) {
        var facts = clinux_file_facts()
        _ = try check(clinux_file_facts(file.number, "", &facts), "look at", path)
        // A device is root's by where it is.
        if facts.type == .characterDevice { return }
        guard facts.type == .regular, facts.owner == 0, facts.links == 1 else {
            throw SystemError("open", "\(path), which is no file of root's alone", .permissionDenied)
        }
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
