// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What is known of one component of a path, all of it by one descriptor of it.
public struct ComponentFacts: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        case directory
        /// A regular file.
        case file
        /// A symbolic link.
        case link
        /// A FIFO, a socket, a device.
        case other
    }

    /// What it is.
    public var kind: Kind
    /// The twelve bits that chmod(1) sets.
    public var permissions: UInt32
    /// The owner's uid.
    public var owner: UInt32
    /// The owning group's gid.
    public var group: UInt32
    /// nil where the mode alone says who may do what.
    public var accessList: AccessList?
    /// Which file it is.
    public let identity: FileIdentity
    /// The mount it was reached through, by its number in mountinfo.
    public let mount: UInt64

    /// Facts of these values.
    public init(
        kind: Kind, permissions: UInt32, owner: UInt32, group: UInt32, accessList: AccessList? = nil,
        identity: FileIdentity, mount: UInt64
    ) {
        self.kind = kind
        self.permissions = permissions
        self.owner = owner
        self.group = group
        self.accessList = accessList
        self.identity = identity
        self.mount = mount
    }

    /// All but the access list. Asks a network's or a user's file system for nothing: the look-up that has just been
    /// made has refreshed what is known, and the server of a user's file system might never answer.
    init(of descriptor: CInt) throws(TrustRule) {
        var raw = clinux_file_facts()
        let result = clinux_file_facts(descriptor, "", &raw)
        guard result == 0 else { throw .unseen(Errno(rawValue: -result)) }
        let kind: Kind =
            switch raw.type {
            case .directory: .directory
            case .regular: .file
            case .link: .link
            case .fifo, .characterDevice, nil: .other
            }
        self.init(
            kind: kind, permissions: raw.mode & 0o7777, owner: raw.owner,
            group: raw.group, identity: FileIdentity(device: raw.device, inode: raw.inode), mount: raw.mount)
    }

    /// Adds the access list. Not for links, which have none.
    mutating func readAccessList(of descriptor: CInt) throws(TrustRule) {
        accessList = try AccessList.found { ExtendedAttribute.read($0, of: descriptor) }
    }
}

extension AccessList {
    /// The list that a file has; nil where it has none.
    /// - Parameter ask: for an extended attribute of it.
    static func found(_ ask: (StaticString) -> ExtendedAttribute.Answer) throws(TrustRule) -> AccessList? {
        let posix = ask("system.posix_acl_access")
        // NFS of version 4 has another list, which no file system has besides this one.
        guard case .unsupported = posix else { return try list(posix) { AccessList(posix: $0) } }
        return try list(ask("system.nfs4_acl")) { AccessList(nfs: $0) }
    }

    private static func list(
        _ answer: ExtendedAttribute.Answer, _ parse: ([UInt8]) -> AccessList?
    ) throws(TrustRule) -> AccessList? {
        switch answer {
        case .absent, .unsupported: return nil
        case .failed(let errno): throw .unknownAccessList(errno)
        case .value(let value):
            guard let list = parse(value) else { throw .unknownAccessList(.invalidArgument) }
            return list
        }
    }
}

extension ExtendedAttribute {
    /// What asking for an attribute may give.
    enum Answer {
        case value([UInt8])
        case absent
        /// The file system has no such attributes.
        case unsupported
        case failed(Errno)
    }

    /// By a descriptor that may be of O_PATH, which fgetxattr(2) does not take; the link in /proc leads to the very
    /// file that is open, whatever its name has become.
    static func read(_ name: StaticString, of descriptor: CInt) -> Answer {
        let path = "/proc/self/fd/\(descriptor)"
        let size = get(name, path, nil, 0)
        guard size > 0 else { return answer(size, []) }
        var value = [UInt8](repeating: 0, count: size)
        // One that has grown meanwhile gives ERANGE, which is a failure as any other.
        let count = value.withUnsafeMutableBytes { get(name, path, $0.baseAddress, $0.count) }
        return answer(count, Array(value.prefix(max(0, count))))
    }

    private static func answer(_ size: Int, _ value: [UInt8]) -> Answer {
        if size >= 0 { return .value(value) }
        let errno = Errno(rawValue: CInt(-size))
        switch errno {
        case .noData: return .absent
        case .notSupported, .notSupportedOnSocket: return .unsupported
        default: return .failed(errno)
        }
    }

    private static func get(_ name: StaticString, _ path: String, _ buffer: UnsafeMutableRawPointer?, _ size: Int)
        -> Int
    {
        path.withCString { path in
            clinux_call(
                Int(SYS_getxattr), Int(bitPattern: path), Int(bitPattern: name.utf8Start), Int(bitPattern: buffer),
                size, 0)
        }
    }
}
