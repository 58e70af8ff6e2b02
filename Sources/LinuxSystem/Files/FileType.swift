// SPDX-License-Identifier: Apache-2.0
import CLinux

/// What a file is, as the bits of S_IFMT in its mode say it, inode(7). Sockets and block devices are nothing here.
enum FileType: UInt32 {
    case fifo = 0o010000
    case characterDevice = 0o020000
    case directory = 0o040000
    case regular = 0o100000
    case link = 0o120000

    init?(mode: UInt32) { self.init(rawValue: mode & 0o170000) }
}

extension clinux_file_facts {
    /// nil for what has no name here.
    var type: FileType? { FileType(mode: mode) }
}
