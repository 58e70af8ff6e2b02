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

    /// The one that was begun for this log-in: an inherited one is that of whoever has started this process. nil where none
    /// was begun, or the kernel has none.
    private static var auditSession: UInt64? {
        var path = ByteBuffer(capacity: 64)
        path.append("/proc/")
        path.append(UInt64(UInt32(bitPattern: getppid())))
        path.append("/sessionid")
        guard let own = try? number(in: exeunt_openat(AT_FDCWD, "/proc/self/sessionid", O_RDONLY | O_NOCTTY, 0)),
            own != UInt64(UInt32.max)
        else { return nil }
        // A parent that is gone, or outside of this pid namespace, has none.
        let parent = path.withCString { exeunt_openat(AT_FDCWD, $0, O_RDONLY | O_NOCTTY, 0) } ?? -1
        return own == (try? number(in: parent)) ? nil : own
    }

    private static func number(in file: Int32) throws(Trouble) -> UInt64 {
        try content(of: try Descriptor(file, "open a file of /proc"), length: 16).withBytes { bytes in
            bytes.reduce(0) { $0 &* 10 &+ UInt64($1 &- UInt8(ascii: "0")) }
        }
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
