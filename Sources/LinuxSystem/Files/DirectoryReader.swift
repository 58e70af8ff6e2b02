// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Lists directories by descriptor into one buffer that is used again, without a string for each name.
final class DirectoryReader {
    struct Entry {
        let isDirectory: Bool
        /// NUL-terminated; valid inside the closure only.
        let name: UnsafePointer<CChar>

        /// In bytes, without the NUL.
        var length: Int { strlen(name) }

        /// nil when the name is no number above or equal to 0.
        var number: Int32? {
            var value: Int32 = 0
            var cursor = name
            repeat {
                let digit = Int32(cursor.pointee) - 48
                guard (0...9).contains(digit), value < Int32.max / 10 else { return nil }
                value = value * 10 + digit
                cursor += 1
            } while cursor.pointee != 0
            return value
        }

        var isDotOrDotDot: Bool {
            name[0] == 46 && (name[1] == 0 || name[1] == 46 && name[2] == 0)
        }
    }

    private let buffer: UnsafeMutableRawBufferPointer

    init(capacity: Int = 32768) { buffer = .allocate(byteCount: capacity, alignment: 8) }

    deinit { buffer.deallocate() }

    /// From the beginning, whatever was read before.
    /// - Parameter place: the directory's path, for the error.
    func forEachEntry(
        of directory: CInt, place: @autoclosure () -> String, _ body: (Entry) -> Void
    ) throws(SystemError) {
        _ = try check(clinux_result(lseek(directory, 0, SEEK_SET)), "list", place())
        while true {
            let size = listDirectory(directory, into: buffer)
            // A directory that was removed while it was open has no entries any more.
            if size == -Int(ENOENT) { return }
            let end = try check(size, "list", place())
            if end == 0 { return }
            var offset = 0
            while offset < end {
                // struct linux_dirent64: inode (8), position (8), record length (2), type (1), name.
                guard let record = buffer.baseAddress.map({ $0 + offset }) else { return }
                let type = record.load(fromByteOffset: 18, as: UInt8.self)
                let name = UnsafeRawPointer(record + 19).assumingMemoryBound(to: CChar.self)
                body(Entry(isDirectory: type == UInt8(DT_DIR), name: name))
                offset += Int(record.load(fromByteOffset: 16, as: UInt16.self))
            }
        }
    }
}
