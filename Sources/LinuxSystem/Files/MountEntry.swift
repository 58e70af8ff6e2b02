// SPDX-License-Identifier: Apache-2.0

/// One line of mountinfo, proc_pid_mountinfo(5).
public struct MountEntry: Hashable, Sendable {
    /// Which directory of the file system is seen here.
    public let root: [UInt8]
    /// Where it is seen.
    public let point: [UInt8]
    /// Of the file system: `cgroup2`, `proc`.
    public let type: String
    /// Those of the mount, and those of the file system itself.
    public let options: [String]

    /// Neither may be written where either says so.
    public var isReadOnly: Bool { options.contains("ro") }

    /// Every mount of the caller's mount namespace, in order. Fails where /proc is not mounted.
    public static func all() throws(SystemError) -> [MountEntry] {
        try readFile("/proc/self/mountinfo").split(separator: UInt8(ascii: "\n")).compactMap { MountEntry($0) }
    }

    /// - Parameter wanted: what the type of the file system must be; nil: anything.
    /// - Returns: nil when it is no such line.
    init?(_ line: ArraySlice<UInt8>, ofType wanted: StaticString? = nil) {
        let fields = line.split(separator: UInt8(ascii: " "))
        // Optional fields stand before a lone "-"; the file system's type and its own options come after it.
        guard fields.count >= 10, let dash = fields.indices.dropFirst(6).first(where: { fields[$0] == [45] }),
            fields.count > dash + 3
        else { return nil }
        // Hosts have mounts by the hundred: those that are not wanted cost no more than this.
        if let wanted, !wanted.withUTF8Buffer({ $0.elementsEqual(fields[dash + 1]) }) { return nil }
        root = Self.unescape(fields[3])
        point = Self.unescape(fields[4])
        type = String(decoding: fields[dash + 1], as: UTF8.self)
        options = [fields[5], fields[dash + 3]].flatMap { list in
            list.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Blank, tab, line feed and backslash are written `\ooo`.
    private static func unescape(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (48...55).contains($0) }) {
                result.append(digits.reduce(0) { $0 &* 8 &+ ($1 - 48) })
                rest = rest.dropFirst(3)
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
