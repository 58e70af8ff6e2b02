// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntReports

/// Lines that are no records, which are passed over, and said: a disk may have been full when one was written.
struct RecordFaults {
    private let place: String
    private var first: (number: Int, fault: StoredRecord.Fault)?
    private var count = 0

    /// - Parameter place: what the lines are of.
    init(_ place: String) { self.place = place }

    mutating func note(_ number: Int, _ fault: StoredRecord.Fault) {
        if first == nil { first = (number, fault) }
        count += 1
    }

    /// The record of a line; nil, which is noted, where it is none.
    mutating func entry(_ number: Int, _ line: [UInt8]) -> EndedRecords.Entry? {
        do throws(StoredRecord.Fault) {
            return (try StoredRecord(line), line)
        } catch {
            note(number, error)
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
        Console.message("\(Escaping.shown(place.utf8)):\(first.number): \(what), and skipped\(more)")
    }
}
