// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Where the record goes: opened before the payload runs, so that a path that cannot be written is an error at once
/// and not after the work is done.
enum RecordFile {
    case standardOutput
    case file(OutputFile)

    /// - Parameter path: a file, which is replaced, or `-` for standard output.
    init(_ path: String) throws(SystemError) {
        if path == "-" {
            try requireWritable(1, subject: "standard output")
            self = .standardOutput
        } else {
            self = .file(try OutputFile(path))
        }
    }

    func write(_ record: [UInt8]) throws(SystemError) {
        let line = record + [UInt8(ascii: "\n")]
        switch self {
        case .standardOutput: try writeAll(line, to: 1, subject: "standard output")
        case .file(let file): try file.replaceContents(with: line)
        }
    }

    /// There will be no record.
    func discard() throws(SystemError) {
        if case .file(let file) = self { try file.discard() }
    }
}
