// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A file of lines that only grows.
public enum AppendedFile {
    /// Appends a line, or all of none: what a full disk has cut is taken back.
    ///
    /// The file is made if it is missing, with its directory, for root and the group of the directory to read. No link is
    /// followed.
    ///
    /// - Parameters:
    ///   - tail: how many bytes at the end are searched.
    ///   - wanted: what must not be there already.
    public static func append(
        _ line: [UInt8], to path: String, unlessTail tail: Int, holds wanted: [UInt8]
    ) throws(SystemError) {
        let file = try open(path)
        let end = try check(clinux_result(Int(lseek(file.number, 0, SEEK_END))), "seek in", path)
        if try found(wanted, file, from: max(0, end - tail - wanted.count), to: end, path) { return }
        do throws(SystemError) {
            try writeAll(line, to: file.number, subject: path)
        } catch {
            _ = ftruncate(file.number, end)
            throw error
        }
    }

    private static func open(_ path: String) throws(SystemError) -> Descriptor {
        let flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY
        var result = Glibc.open(path, flags, 0o640)
        if result < 0, errno == ENOENT, let end = path.lastIndex(of: "/") {
            _ = try StateDirectory(String(path[..<end]), mode: 0o750)
            result = Glibc.open(path, flags, 0o640)
        }
        return Descriptor(adopting: try check(clinux_result(Int(result)), "open", path).descriptorNumber)
    }

    private static func found(
        _ wanted: [UInt8], _ file: borrowing Descriptor, from start: Int, to end: Int, _ path: String
    ) throws(SystemError) -> Bool {
        let size = end - start
        guard size >= wanted.count, !wanted.isEmpty else { return false }
        let number = file.number
        var bytes = [UInt8](repeating: 0, count: size)
        let count = bytes.withUnsafeMutableBytes {
            clinux_result(pread(number, $0.baseAddress, $0.count, off_t(start)))
        }
        let read = try check(count, "read", path)
        return bytes.withUnsafeBytes { hay in
            wanted.withUnsafeBytes {
                memmem(hay.baseAddress ?? $0.baseAddress!, read, $0.baseAddress!, $0.count) != nil
            }
        }
    }
}
