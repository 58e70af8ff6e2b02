// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What a file is, and whose.
public struct FileFacts: Hashable, Sendable {
    /// The user id.
    public let owner: UInt32
    /// Within its file system.
    public let inode: UInt64
    /// Whether it is a directory.
    public let isDirectory: Bool

    /// Follows symbolic links.
    public static func of(_ path: String) throws(SystemError) -> FileFacts {
        var found = stat()
        guard stat(path, &found) == 0 else { throw SystemError("look at", path, Errno(rawValue: errno)) }
        return FileFacts(
            owner: found.st_uid, inode: UInt64(found.st_ino), isDirectory: found.st_mode & S_IFMT == S_IFDIR)
    }

    /// Facts of these values.
    public init(owner: UInt32, inode: UInt64, isDirectory: Bool) {
        self.owner = owner
        self.inode = inode
        self.isDirectory = isDirectory
    }
}

/// An extended attribute of a file, xattr(7).
public enum ExtendedAttribute {
    /// nil when it has none of this name, or none that the caller may read. At most 256 bytes.
    public static func value(of name: String, at path: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let size = path.withCString { path in
            name.withCString { name in
                bytes.withUnsafeMutableBytes { buffer in
                    clinux_call(
                        Int(SYS_getxattr), Int(bitPattern: path), Int(bitPattern: name),
                        Int(bitPattern: buffer.baseAddress), buffer.count, 0)
                }
            }
        }
        return size < 0 ? nil : Array(bytes.prefix(size))
    }
}
