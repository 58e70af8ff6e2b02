// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntReports

/// Lines that are no records, which are passed over, and said: a disk may have been full when one was written.
struct RecordFaults {
    private var first: (line: RecordLine, fault: StoredRecord.Fault)?
    private var count = 0

    /// The record of a line; nil, which is noted, where it is none.
    mutating func entry(of line: RecordLine) -> EndedRecords.Entry? {
        do throws(StoredRecord.Fault) {
            guard let text = line.text else { throw .unreadable }
            return (try StoredRecord(text), text)
        } catch {
            if first == nil { first = (line, error) }
            count += 1
            return nil
        }
    }

    /// One line, however many there are.
    func tell() {
        guard let first else { return }
        let what =
            switch first.fault {
            case .unreadable: "no record"
            case .version(let version): "a record of version \(version), which this program does not know"
            }
        let more = count > 1 ? ", as are \(count - 1) more" : ""
        Console.message("\(Escaping.shown(first.line.place.utf8)):\(first.line.number): \(what), and skipped\(more)")
    }
}
