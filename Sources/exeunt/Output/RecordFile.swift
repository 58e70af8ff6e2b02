// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Where the record goes: opened before the payload runs, so that a path that cannot be written is an error at once
/// and not after the work is done.
final class RecordFile {
    private let path: String
    private let file: Descriptor?

    /// - Parameter path: a file, which is replaced, or `-` for standard output.
    init(_ path: String) throws(SystemError) {
        self.path = path
        file = path == "-" ? nil : try openForWriting(path)
    }

    func write(_ record: [UInt8]) throws(SystemError) {
        try writeAll(record + [UInt8(ascii: "\n")], to: number, subject: path == "-" ? "standard output" : path)
    }

    private var number: CInt {
        switch file {
        case .some(let file): file.number
        case .none: 1
        }
    }
}
