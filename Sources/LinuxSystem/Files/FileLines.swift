// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// The lines of a regular file, one after the other, however large it is.
public struct FileLines: ~Copyable {
    private let file: Descriptor
    private let path: String
    private let limit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    /// Up to here there is no line feed, so that nothing of a long line is searched twice.
    private var searched = 0
    private var isAtEnd = false

    /// One line.
    public enum Line: Hashable, Sendable {
        /// Without its line feed.
        case text([UInt8])
        /// It has more bytes than were allowed, and they were passed over.
        case tooLong
    }

    /// Fails with ENOENT, EACCES, and with EINVAL or EISDIR for what is no regular file.
    /// - Parameter limit: the most bytes of a line.
    public init(_ path: String, limit: Int) throws(SystemError) {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
        let file = Descriptor(adopting: try check(clinux_openat(AT_FDCWD, path, flags), "open", path))
        var facts = clinux_file_facts()
        _ = try check(clinux_file_facts(file.number, "", &facts), "look at", path)
        guard facts.type == .regular else {
            throw SystemError("read", path, facts.type == .directory ? .isDirectory : .invalidArgument)
        }
        self.file = file
        self.path = path
        self.limit = limit
    }

    /// nil at the end. The last line needs no line feed.
    public mutating func next() throws(SystemError) -> Line? {
        var isTooLong = false
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[start..<end])
                start = end + 1
                searched = start
                return isTooLong || line.count > limit ? .tooLong : .text(line)
            }
            searched = buffer.count
            if isAtEnd {
                let line = Array(buffer[start...])
                start = buffer.count
                if isTooLong { return .tooLong }
                return line.isEmpty ? nil : .text(line)
            }
            if buffer.count - start > limit {
                isTooLong = true
                start = buffer.count
            }
            try fill()
        }
    }

    private mutating func fill() throws(SystemError) {
        buffer.removeFirst(start)
        searched -= start
        start = 0
        do throws(SystemError) {
            // A regular file never has none "now".
            let chunk = try file.readSome(atMost: 1 << 18) ?? []
            isAtEnd = chunk.isEmpty
            buffer += chunk
        } catch {
            throw SystemError("read", path, error.errno)
        }
    }
}
