// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Reads a regular file whole. A FIFO or a device at its place is not waited for: it fails with EINVAL, a directory
/// with EISDIR, and a file of more than `limit` bytes with EFBIG.
public func readRegularFile(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
    let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
    let file = Descriptor(adopting: try check(clinux_openat(AT_FDCWD, path, flags), "open", path))
    var facts = clinux_file_facts()
    _ = try check(clinux_file_facts(file.number, "", &facts), "look at", path)
    guard facts.type == .regular else {
        throw SystemError("read", path, facts.type == .directory ? .isDirectory : .invalidArgument)
    }
    return try file.readToEnd(limit: limit, subject: path)
}

/// Reads the end of a regular file, at most so much.
public func readEnd(of path: String, atMost limit: Int) throws(SystemError) -> [UInt8] {
    let file = Descriptor(
        adopting: try check(clinux_openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY), "open", path))
    let size = try check(clinux_result(Int(lseek(file.number, 0, SEEK_END))), "seek in", path)
    _ = try check(clinux_result(Int(lseek(file.number, off_t(max(0, size - limit)), SEEK_SET))), "seek in", path)
    // It may grow meanwhile.
    return try file.readToEnd(limit: limit + (1 << 20), subject: path)
}

extension Descriptor {
    /// Everything up to the end of file, of a file that does not block; EFBIG where that is more than `limit` bytes.
    borrowing func readToEnd(limit: Int, subject: String) throws(SystemError) -> [UInt8] {
        // One byte more than is allowed tells a file that is too large, also one that grows while it is read.
        var buffer = [UInt8](repeating: 0, count: min(limit, 65536) + 1)
        var contents: [UInt8] = []
        while true {
            let count = buffer.withUnsafeMutableBytes { clinux_read(number, $0.baseAddress, $0.count) }
            if count == -Int(EINTR) { continue }
            if try check(count, "read", subject) == 0 { return contents }
            contents += buffer.prefix(count)
            if contents.count > limit { throw SystemError("read", subject, .fileTooLarge) }
        }
    }
}
