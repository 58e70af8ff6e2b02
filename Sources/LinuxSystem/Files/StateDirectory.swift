// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A directory of small files that a program keeps what it knows in: each is replaced as a whole, or not at all.
public final class StateDirectory {
    /// For people.
    public let path: String
    private let directory: Descriptor

    /// Opens the directory, or makes it and those above it. Whatever was there must be root's, or the caller's, and nobody
    /// else's to write to (EPERM).
    public init(_ path: String, mode: UInt32) throws(SystemError) {
        self.path = path
        var below = ""
        for component in path.split(separator: "/") {
            below += "/" + component
            // Those above are for everybody to pass through.
            let result = makeDirectory(AT_FDCWD, below, below == path ? mode_t(mode) : 0o755)
            if result != -EEXIST, result != -EROFS { _ = try check(result, "make", below) }
        }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        directory = Descriptor(adopting: try check(clinux_openat(AT_FDCWD, path, flags), "open", path))
        var facts = clinux_file_facts()
        _ = try check(clinux_file_facts(directory.number, "", &facts), "look at", path)
        guard facts.owner == 0 || facts.owner == geteuid(), facts.mode & 0o022 == 0 else {
            throw SystemError("open", "\(path), which others may change", .notPermitted)
        }
        // The umask may have taken bits away.
        if facts.mode & 0o7777 != mode, facts.owner == geteuid() {
            _ = try check(clinux_result(Int(fchmod(directory.number, mode_t(mode)))), "change mode of", path)
        }
    }

    /// Puts a file of these contents in the place of whatever has the name: readers see the one or the other.
    public func replace(_ name: String, with contents: [UInt8], mode: UInt32 = 0o600) throws(SystemError) {
        let draft = ".\(name).new"
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let place = "\(path)/\(name)"
        let number = openat(directory.number, draft, flags, mode_t(mode))
        let file = Descriptor(adopting: try check(clinux_result(Int(number)), "write", place).descriptorNumber)
        do throws(SystemError) {
            try writeAll(contents, to: file.number, subject: place)
            let result = renameat(directory.number, draft, directory.number, name)
            _ = try check(clinux_result(Int(result)), "replace", place)
        } catch {
            _ = unlinkat(directory.number, draft, 0)
            throw error
        }
    }

    /// nil when there is no such file. Fails with EFBIG where it has more bytes than `limit`.
    public func contents(of name: String, limit: Int) throws(SystemError) -> [UInt8]? {
        let place = "\(path)/\(name)"
        let result = clinux_openat(directory.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        if result == -ENOENT { return nil }
        let file = Descriptor(adopting: try check(result, "open", place))
        return try file.readToEnd(limit: limit, subject: place)
    }

    /// Whether there is such a file.
    public func contains(_ name: String) throws(SystemError) -> Bool {
        let result = clinux_result(Int(faccessat(directory.number, name, F_OK, AT_SYMLINK_NOFOLLOW)))
        if result == -Int(ENOENT) { return false }
        _ = try check(result, "look at", "\(path)/\(name)")
        return true
    }

    /// A file that is not there is removed already.
    public func remove(_ name: String) throws(SystemError) {
        let result = clinux_result(Int(unlinkat(directory.number, name, 0)))
        if result != -Int(ENOENT) { _ = try check(result, "remove", "\(path)/\(name)") }
    }

    /// Gives a file to another directory of the same file system, where it replaces what has the name. That takes no room.
    public func move(_ name: String, to other: StateDirectory, as new: String) throws(SystemError) {
        let result = renameat(directory.number, name, other.directory.number, new)
        _ = try check(clinux_result(Int(result)), "move", "\(path)/\(name)")
    }

    /// The files in it, in no order.
    /// - Parameter spare: drafts that somebody else may be about to put in place. Others were left by a program that was
    ///   killed, and are removed.
    public func names(sparing spare: (String) -> Bool = { _ in false }) throws(SystemError) -> [String] {
        let names = try listDirectory(path)
        for name in names where name.hasPrefix(".") && !spare(name) {
            // try?: what is no draft stays, and is not looked at.
            try? remove(name)
        }
        return names.filter { !$0.hasPrefix(".") }
    }

    /// Opens a file for reading and writing.
    /// - Parameter making: the mode of one that is made; nil opens only what is there.
    /// - Returns: nil where there is one and it was to be made, or where there is none.
    func openFile(_ name: String, making mode: UInt32?) throws(SystemError) -> Descriptor? {
        let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | (mode == nil ? 0 : O_CREAT | O_EXCL)
        let result = clinux_result(Int(openat(directory.number, name, flags, mode_t(mode ?? 0))))
        if result == -Int(mode == nil ? ENOENT : EEXIST) { return nil }
        return Descriptor(adopting: try check(result, "open", "\(path)/\(name)").descriptorNumber)
    }
}

extension Int {
    /// A result that is known to be a descriptor.
    var descriptorNumber: CInt { CInt(truncatingIfNeeded: self) }
}
