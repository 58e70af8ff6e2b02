// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// The file of all records, a line of JSON for each ending. It is opened for each: whoever turns logs over need not tell.
struct RecordLog {
    private let path: String
    /// How much of its end is searched for a record that may be there already.
    private static let tail = 1 << 16

    init(path: String) { self.path = path }

    /// Appends a record, unless it is among the last ones: a daemon may have been killed after it had written it.
    func append(_ record: [UInt8], failed: (any Error) -> Void) {
        do throws(SystemError) {
            try AppendedFile.append(record + [UInt8(ascii: "\n")], to: path, unlessTail: Self.tail, holds: record)
        } catch {
            // A full disk must not delay anything: the host's log has the lines of this ending.
            failed(error)
        }
    }
}
