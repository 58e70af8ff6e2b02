// SPDX-License-Identifier: Apache-2.0

extension AccessList {
    /// What changes a file, or what a directory holds: WRITE_DATA, APPEND_DATA, DELETE_CHILD, DELETE, WRITE_ACL and
    /// WRITE_OWNER.
    private static let writing: UInt32 = 0x2 | 0x4 | 0x40 | 0x10000 | 0x40000 | 0x80000

    /// The value of `system.nfs4_acl`: a count, then entries of type, flags, mask and a counted name, in XDR. What is
    /// denied takes nothing away from what is allowed to others, so that denials are not looked at.
    /// - Returns: nil when it is no such value.
    public init?(nfs value: [UInt8]) {
        var rest = value[...]
        func number() -> UInt32? {
            guard rest.count >= 4 else { return nil }
            defer { rest = rest.dropFirst(4) }
            return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        }
        guard let count = number() else { return nil }
        var writers: [Writer] = []
        for _ in 0..<count {
            guard let type = number(), let flags = number(), let mask = number(), let size = number(),
                Int(size) <= rest.count
            else { return nil }
            let name = rest.prefix(Int(size))
            rest = rest.dropFirst((Int(size) + 3) / 4 * 4)
            // Type 0 allows; flag 8 is for what will be made inside only.
            guard type == 0, flags & 0x8 == 0, mask & Self.writing != 0 else { continue }
            if let writer = Self.writer(Array(name), isGroup: flags & 0x40 != 0) { writers.append(writer) }
        }
        self.init(.nfs, writers)
    }

    /// nil for the owner, who is judged by the file's uid, and for root.
    private static func writer(_ name: [UInt8], isGroup: Bool) -> Writer? {
        let text = String(decoding: name, as: UTF8.self)
        switch text {
        case "OWNER@": return nil
        case "GROUP@": return .owningGroup
        case "EVERYONE@": return .everyone
        default:
            if let id = UInt32(text) { return isGroup ? .group(id) : .user(id) }
            return !isGroup && (text == "root" || text.hasPrefix("root@")) ? nil : .named(name)
        }
    }
}
