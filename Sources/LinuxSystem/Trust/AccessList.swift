// SPDX-License-Identifier: Apache-2.0

/// Whom an access control list lets write to a file or change it otherwise, besides its owner.
public struct AccessList: Hashable, Sendable {
    /// Which kind of list it is.
    public enum Dialect: Hashable, Sendable {
        /// acl(5)
        case posix
        /// RFC 7530, section 6: that of an NFS server.
        case nfs
    }

    /// Somebody who is granted writing.
    public enum Writer: Hashable, Sendable {
        case owningGroup
        case user(UInt32)
        case group(UInt32)
        case everyone
        /// A name of the NFS domain, which stands for nobody who could be told apart here.
        case named([UInt8])
    }

    /// Which kind of list it was.
    public let dialect: Dialect
    /// In the order of the list.
    public let writers: [Writer]

    /// A list of these values.
    public init(_ dialect: Dialect, _ writers: [Writer]) {
        self.dialect = dialect
        self.writers = writers
    }

    /// The value of `system.posix_acl_access`: a version, then entries of tag (2 bytes), permissions (2) and id (4),
    /// little-endian.
    /// - Returns: nil when it is no such value.
    public init?(posix value: [UInt8]) {
        guard value.count >= 4, value.count % 8 == 4, Self.little(value[0..<4]) == 2 else { return nil }
        let entries = stride(from: 4, to: value.count, by: 8).map { start in
            (
                tag: Self.little(value[start..<start + 2]), permissions: Self.little(value[start + 2..<start + 4]),
                id: Self.little(value[start + 4..<start + 8])
            )
        }
        // The mask limits everybody but the owner and the others.
        let mask = entries.first { $0.tag == 0x10 }?.permissions ?? 0o7
        var writers: [Writer] = []
        for entry in entries {
            let mayWrite = entry.permissions & 0o2 != 0
            let mayWriteMasked = mayWrite && mask & 0o2 != 0
            switch entry.tag {
            case 0x01, 0x10: continue
            case 0x02: if mayWriteMasked { writers.append(.user(entry.id)) }
            case 0x04: if mayWriteMasked { writers.append(.owningGroup) }
            case 0x08: if mayWriteMasked { writers.append(.group(entry.id)) }
            case 0x20: if mayWrite { writers.append(.everyone) }
            default: return nil
            }
        }
        self.init(.posix, writers)
    }

    private static func little(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
