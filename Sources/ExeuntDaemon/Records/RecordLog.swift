// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// The file of all records, a line of JSON for each ending. It is opened for each: whoever turns logs over need not tell.
struct RecordLog {
    private let path: String
    /// How much of its end is searched for a record that may be there already.
    private static let tail = 1 << 16

    init(path: String) { self.path = path }

    /// Appends a record, unless it is among the last ones: whoever has written it may have been killed just then.
    func append(_ record: [UInt8]) throws(SystemError) {
        try AppendedFile.append(record + [UInt8(ascii: "\n")], to: path, unlessTail: Self.tail, holds: record)
    }
}
