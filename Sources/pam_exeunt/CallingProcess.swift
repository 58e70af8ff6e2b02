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

    /// nil where none was begun, or the kernel has none.
    private static var auditSession: UInt64? {
        // try?: that there is no such file is no trouble.
        guard let text = try? read("/proc/self/sessionid", length: 16) else { return nil }
        let number = text.withBytes { bytes in
            bytes.reduce(0) { $0 &* 10 &+ UInt64($1 &- UInt8(ascii: "0")) }
        }
        return number == UInt64(UInt32.max) ? nil : number
    }

    /// At most `length` bytes: these files come whole at the first read.
    private static func read(_ path: StaticString, length: Int) throws(Trouble) -> ByteBuffer {
        let file = try Descriptor(exeunt_openat(AT_FDCWD, path.cString, O_RDONLY | O_NOCTTY, 0), "open a file of /proc")
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
