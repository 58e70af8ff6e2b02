// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A file, whatever it is called: its device (as in `st_dev`) and inode.
public struct FileIdentity: Hashable, Sendable {
    /// Of the file system.
    public let device: UInt64
    /// Within the file system.
    public let inode: UInt64

    /// From numbers known.
    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }

    /// Follows symbolic links. Asks the file system's cache only, so that a dead server is not waited for.
    public static func of(path: String) throws(SystemError) -> FileIdentity {
        // An empty path would mean the working directory to this call.
        guard !path.isEmpty else { throw SystemError("look at", "\"\"", .noSuchFileOrDirectory) }
        var facts = clinux_file_facts()
        _ = try check(clinux_file_facts(AT_FDCWD, path, &facts), "look at", path)
        return FileIdentity(device: facts.device, inode: facts.inode)
    }
}
