// SPDX-License-Identifier: Apache-2.0

/// The rules of trust, each with what was found against it.
public enum TrustRule: Error, Hashable, Sendable {
    /// The path is relative, or has `.`, `..`, an empty component or a NUL in it.
    case notCanonical
    /// It is not there, or may not be looked at.
    case unseen(Errno)
    /// A symbolic link.
    case link
    /// On the way, and no directory.
    case notDirectory
    /// At the end, and no regular file.
    case notFile
    /// A file system that is served by a program of this user; nil: the kernel did not say whose.
    case userMount(UInt32?)
    /// A served file system that is open to all and whose modes the kernel does not apply.
    case uncheckedMount
    /// Which file system it is on could not be found out.
    case unknownMount(Errno)
    /// It belongs to this user.
    case owner(UInt32)
    /// A sticky directory; `isOpen`: everybody may write to it.
    case sticky(isOpen: Bool)
    /// Everybody may write.
    case othersWrite
    /// Its group may write.
    case groupWrite(UInt32)
    /// Its access control list lets somebody write.
    case accessList(AccessList.Dialect, AccessList.Writer)
    /// There may be an access control list, and it could not be read.
    case unknownAccessList(Errno)
    /// Set-user-id or set-group-id.
    case setID
    /// Nobody may execute it.
    case notExecutable

    /// A word for programs.
    public var name: String {
        switch self {
        case .notCanonical: "canonical-path"
        case .unseen: "can-be-seen"
        case .link: "no-link"
        case .notDirectory: "directory"
        case .notFile: "regular-file"
        case .userMount: "no-user-mount"
        case .uncheckedMount: "modes-apply"
        case .unknownMount: "known-mount"
        case .owner: "owner"
        case .sticky: "no-sticky-directory"
        case .othersWrite: "no-write-for-others"
        case .groupWrite: "no-write-for-group"
        case .accessList: "no-write-by-access-list"
        case .unknownAccessList: "known-access-list"
        case .setID: "no-set-id"
        case .notExecutable: "executable"
        }
    }

    /// What was found, as it follows the component's name in a sentence.
    public var finding: String {
        switch self {
        case .notCanonical: "is not absolute, or has '.', '..', '//' or a slash at its end"
        case .unseen(let errno): "cannot be opened: \(errno.message) [\(errno.name)]"
        case .link: "is a symbolic link"
        case .notDirectory: "is not a directory"
        case .notFile: "is not a regular file"
        case .userMount(let user?): "is on a file system that is served by a program of user \(user)"
        case .userMount(nil): "is on a file system that is served by a program of a user"
        case .uncheckedMount: "is on a served file system that is open to all and does not apply modes"
        case .unknownMount(let errno): "is on a mount that cannot be found: \(errno.message) [\(errno.name)]"
        case .owner(let user): "belongs to user \(user)"
        case .sticky(true): "is a sticky directory, in which everybody may put files of others"
        case .sticky(false): "is a sticky directory"
        case .othersWrite: "may be written to by everybody"
        case .groupWrite(let group): "may be written to by its group \(group)"
        case .accessList(_, let writer): "may be written to by \(writer.text), says its access control list"
        case .unknownAccessList(let errno):
            "has an access control list that cannot be read: \(errno.message) [\(errno.name)]"
        case .setID: "has a set-user-id or set-group-id bit"
        case .notExecutable: "is not executable"
        }
    }

    /// What the kernel refused, where it did.
    public var errno: Errno? {
        switch self {
        case .unseen(let errno), .unknownMount(let errno), .unknownAccessList(let errno): errno
        default: nil
        }
    }
}

extension AccessList.Writer {
    fileprivate var text: String {
        switch self {
        case .owningGroup: "its group"
        case .user(let id): "user \(id)"
        case .group(let id): "group \(id)"
        case .everyone: "everybody"
        // Its bytes are the server's: they could forge what a reader sees.
        case .named(let name):
            "'" + String(decoding: name.map { (0x21..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
                + "'"
        }
    }
}
