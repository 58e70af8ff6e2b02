// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Parts of root's rights, capabilities(7).
public struct Capabilities: OptionSet, Hashable, Sendable {
    /// One bit for each number.
    public let rawValue: UInt64
    /// Those of these bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// To give files away.
    public static let chown = Capabilities(rawValue: 1 << 0)
    /// To pass over the modes of files.
    public static let dacOverride = Capabilities(rawValue: 1 << 1)
    /// To pass over them for reading, and to open files by their handles.
    public static let dacReadSearch = Capabilities(rawValue: 1 << 2)
    /// To change modes of others' files.
    public static let fowner = Capabilities(rawValue: 1 << 3)
    /// To signal everybody.
    public static let kill = Capabilities(rawValue: 1 << 5)
    /// To become another group.
    public static let setgid = Capabilities(rawValue: 1 << 6)
    /// To become another user.
    public static let setuid = Capabilities(rawValue: 1 << 7)
    /// To change capabilities that exec would give.
    public static let setpcap = Capabilities(rawValue: 1 << 8)
    /// To read what others' processes are.
    public static let sysPtrace = Capabilities(rawValue: 1 << 19)
    /// To raise limits.
    public static let sysResource = Capabilities(rawValue: 1 << 24)
    /// To open audit sessions.
    public static let auditControl = Capabilities(rawValue: 1 << 30)

    /// Gives up all that this process has and that is not among these. A program that root executes has all of them again,
    /// as far as the bounding set goes: hooks are the administrator's.
    public static func keepOnly(_ kept: Capabilities) throws(SystemError) {
        // _LINUX_CAPABILITY_VERSION_3, and the process itself.
        let header: [UInt32] = [0x2008_0522, 0]
        var sets = [UInt32](repeating: 0, count: 6)
        try call(Int(SYS_capget), header, &sets, "get")
        for half in 0..<2 {
            let wanted = UInt32(truncatingIfNeeded: kept.rawValue >> (32 * UInt64(half)))
            // Effective, permitted, inheritable.
            sets[half * 3] &= wanted
            sets[half * 3 + 1] &= wanted
            sets[half * 3 + 2] = 0
        }
        try call(Int(SYS_capset), header, &sets, "set")
    }

    private static func call(
        _ number: Int, _ header: [UInt32], _ sets: inout [UInt32], _ operation: String
    ) throws(SystemError) {
        var header = header
        let result = header.withUnsafeMutableBytes { header in
            sets.withUnsafeMutableBytes { sets in
                clinux_call(number, Int(bitPattern: header.baseAddress), Int(bitPattern: sets.baseAddress), 0, 0, 0)
            }
        }
        _ = try check(result, operation, "capabilities")
    }
}
