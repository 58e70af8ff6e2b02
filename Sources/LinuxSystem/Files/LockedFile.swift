// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A file that one process holds: fcntl(2) `F_SETLK`, which ends with the process, and which its children do not inherit.
public final class LockedFile {
    private let file: Descriptor
    private let place: String
    /// Whether there was no such file before.
    public let isNew: Bool

    /// Makes or opens the file, and takes its lock.
    /// - Returns: nil when another process has it.
    public static func take(_ name: String, in directory: StateDirectory) throws(SystemError) -> LockedFile? {
        let place = "\(directory.path)/\(name)"
        while true {
            var isNew = true
            var found = try directory.openFile(name, making: 0o600)
            if found == nil {
                isNew = false
                found = try directory.openFile(name, making: nil)
            }
            guard let file = found.take() else { continue }
            var lock = wholeFile
            let result = clinux_result(Int(fcntl(file.number, F_SETLK, &lock)))
            if result == -Int(EAGAIN) || result == -Int(EACCES) { return nil }
            _ = try check(result, "lock", place)
            // Whoever had the lock may have taken the file away, and the next one to come makes another.
            var facts = clinux_file_facts()
            _ = try check(clinux_file_facts(file.number, "", &facts), "look at", place)
            if facts.links > 0 { return LockedFile(file, place, isNew: isNew) }
        }
    }

    /// Which process holds the lock of a file; nil when none does, or there is no such file.
    public static func holder(of name: String, in directory: StateDirectory) throws(SystemError) -> Int32? {
        let place = "\(directory.path)/\(name)"
        let result = clinux_openat(AT_FDCWD, place, O_RDWR | O_NOFOLLOW)
        if result == -ENOENT { return nil }
        // To close any descriptor of the file gives up a lock that this process itself has: nobody asks for its own.
        let file = Descriptor(adopting: try check(result, "open", place))
        var lock = wholeFile
        _ = try check(clinux_result(Int(fcntl(file.number, F_GETLK, &lock))), "look at lock of", place)
        return lock.l_type == Int16(F_UNLCK) || lock.l_pid <= 0 ? nil : lock.l_pid
    }

    private init(_ file: consuming Descriptor, _ place: String, isNew: Bool) {
        self.file = file
        self.place = place
        self.isNew = isNew
    }

    /// What is in it. By any other descriptor the file must not be read in this process: to close that one would give the
    /// lock up.
    public func contents(limit: Int) throws(SystemError) -> [UInt8] {
        _ = try check(clinux_result(Int(lseek(file.number, 0, SEEK_SET))), "seek in", place)
        return try file.readToEnd(limit: limit, subject: place)
    }

    /// Empties the file, and makes sure of room for so many bytes: `write` needs no other for them. Fails with ENOSPC where
    /// there is none, and with EOPNOTSUPP on file systems that cannot.
    public func reserve(_ size: Int) throws(SystemError) {
        _ = try check(clinux_result(Int(ftruncate(file.number, 0))), "truncate", place)
        _ = try check(allocate(in: file.number, keepingSize: size), "reserve room in", place)
    }

    /// Writes this in place of whatever is in the file. What was reserved is used, and given back as far as it is not needed.
    public func write(_ contents: [UInt8]) throws(SystemError) {
        _ = try check(clinux_result(Int(lseek(file.number, 0, SEEK_SET))), "seek in", place)
        try writeAll(contents, to: file.number, subject: place)
        // Not before: it would take away what was reserved.
        _ = try check(clinux_result(Int(ftruncate(file.number, off_t(contents.count)))), "truncate", place)
    }

    private static var wholeFile: flock {
        flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
    }
}
