// SPDX-License-Identifier: Apache-2.0
import CPAM

/// The process that the module runs in, as somebody can find it again: a pid alone will belong to somebody else.
enum CallingProcess {
    /// The first members of a note.
    static func begin(_ note: inout ByteBuffer) throws(Trouble) {
        let bootID = try read("/proc/sys/kernel/random/boot_id", length: 36)
        let status = try read("/proc/self/stat", length: 1024)
        guard let startTime = status.withBytes({ startTime(of: $0) }) else {
            throw Trouble("understand /proc/self/stat")
        }
        note.append(UInt8(ascii: "{"))
        note.appendMember("version", 1)
        bootID.withBytes { note.appendMember("bootID", $0) }
        note.appendMember("pid", UInt64(UInt32(bitPattern: getpid())))
        note.appendMember("startTime", startTime)
        if let audit = auditSession { note.appendMember("auditSession", audit) }
    }

    /// The next members, where a service manager has given this log-in a cgroup: as /proc shows it, and the number of its
    /// directory, since another one may have the path by the time that somebody reads this.
    static func appendCgroup(to note: inout ByteBuffer) {
        guard let own = try? read("/proc/self/cgroup", length: longestGroups) else { return }
        let parent = try? content(of: openFile("/cgroup", of: getppid()), length: longestGroups)
        own.withBytes { own in
            guard let path = unifiedPath(own), path.count > 1, path.count <= longestPath else { return }
            // One that is shared is that of whoever has started this process.
            let isShared = parent?.withBytes { unifiedPath($0).map { equal($0, path) } ?? false } ?? false
            guard !isShared, let number = number(ofCgroup: path) else { return }
            note.appendMember("cgroup", path)
            note.appendMember("cgroupInode", number)
        }
    }

    /// All hierarchies of version 1 have a line as well.
    private static let longestGroups = 8192
    /// Those of log-ins have less than a hundred characters.
    private static let longestPath = 512

    /// The path in the hierarchy of version 2.
    private static func unifiedPath(_ lines: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var rest = lines
        while !rest.isEmpty {
            let length = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.count
            let line = UnsafeBufferPointer(rebasing: rest[..<length])
            if let path = line.dropping("0::") { return path }
            rest = UnsafeBufferPointer(rebasing: rest.dropFirst(length &+ 1))
        }
        return nil
    }

    private static func equal(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = left.baseAddress, let second = right.baseAddress else { return false }
        return left.count == right.count && memcmp(first, second, left.count) == 0
    }

    /// The inode of its directory, where the hierarchy is mounted in one of the usual places.
    private static func number(ofCgroup path: UnsafeBufferPointer<UInt8>) -> UInt64? {
        number(ofCgroup: path, below: "/sys/fs/cgroup") ?? number(ofCgroup: path, below: "/sys/fs/cgroup/unified")
    }

    private static func number(ofCgroup path: UnsafeBufferPointer<UInt8>, below mount: StaticString) -> UInt64? {
        var full = ByteBuffer(capacity: longestPath &+ 64)
        full.append(mount)
        full.append(path)
        var status = stat()
        guard full.withCString({ stat($0, &status) }) == 0 else { return nil }
        return UInt64(status.st_ino)
    }

    /// The one that was begun for this log-in: an inherited one is that of whoever has started this process. nil where none
    /// was begun, or the kernel has none.
    private static var auditSession: UInt64? {
        guard let own = try? number(in: openFile("/sessionid", of: getpid())), own != UInt64(UInt32.max) else {
            return nil
        }
        // A parent that is gone, or outside of this pid namespace, has none.
        return own == (try? number(in: openFile("/sessionid", of: getppid()))) ? nil : own
    }

    private static func number(in file: consuming Descriptor) throws(Trouble) -> UInt64 {
        try content(of: file, length: 16).withBytes { bytes in
            bytes.reduce(0) { $0 &* 10 &+ UInt64($1 &- UInt8(ascii: "0")) }
        }
    }

    private static func openFile(_ name: StaticString, of pid: pid_t) throws(Trouble) -> Descriptor {
        var path = ByteBuffer(capacity: 64)
        path.append("/proc/")
        path.append(UInt64(UInt32(bitPattern: pid)))
        path.append(name)
        return try Descriptor(
            path.withCString { exeunt_openat(AT_FDCWD, $0, O_RDONLY | O_NOCTTY, 0) } ?? -1, "open a file of /proc")
    }

    /// At most `length` bytes: these files come whole at the first read.
    private static func read(_ path: StaticString, length: Int) throws(Trouble) -> ByteBuffer {
        try content(
            of: try Descriptor(exeunt_openat(AT_FDCWD, path.cString, O_RDONLY | O_NOCTTY, 0), "open a file of /proc"),
            length: length)
    }

    private static func content(of file: consuming Descriptor, length: Int) throws(Trouble) -> ByteBuffer {
        var content = ByteBuffer(capacity: length)
        let count = content.fill { room in
            uninterrupted { CPAM.read(file.number, room.baseAddress, room.count) }
        }
        guard count > 0 else { throw .now("read a file of /proc") }
        return content
    }

    /// Field 22. The second one is a name that the process has chosen, parentheses and all.
    private static func startTime(of status: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard var index = status.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        var field = 2
        var number: UInt64?
        index &+= 1
        while index < status.count, field <= 22 {
            let byte = status[index]
            if byte == UInt8(ascii: " ") {
                field &+= 1
            } else if field == 22 {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                number = (number ?? 0) &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
            }
            index &+= 1
        }
        return number
    }
}
