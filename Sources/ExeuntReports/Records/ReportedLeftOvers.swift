// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol

/// What would have been ended if it were not for report mode, from the records: by program, user and rule.
public struct ReportedLeftOvers {
    private struct Key: Hashable {
        let program: String
        let uid: UInt32
        let rule: String?
    }

    private struct Count {
        var processes = 0
        var sessions: Set<String> = []
        var last: EndingRecord.CivilTime = 0
    }

    private var counts: [Key: Count] = [:]
    private var endings = 0
    private var sessions: Set<String> = []
    private let nameOf: (UInt32) -> String?

    /// - Parameter nameOf: the name of a user; nil shows the number.
    public init(nameOf: @escaping (UInt32) -> String?) { self.nameOf = nameOf }

    /// Counts the left-overs of an ending that were only reported: all of them, or those of a rule.
    public mutating func add(_ record: StoredRecord) {
        endings += 1
        for process in record.processes where process.outcome == "reported" {
            let uid = process.uid ?? record.session.owner
            let key = Key(program: process.program, uid: uid, rule: process.rule.map { ShownText.text($0) })
            counts[key, default: Count()].processes += 1
            counts[key, default: Count()].sessions.insert(record.session.id)
            counts[key, default: Count()].last = max(counts[key]?.last ?? 0, record.ended)
            sessions.insert(record.session.id)
        }
    }

    /// What is counted most comes first.
    public var document: LeftOverDocument {
        let entries = counts.map { key, count in
            LeftOverDocument.Entry(
                program: key.program, uid: key.uid, user: nameOf(key.uid), rule: key.rule, processes: count.processes,
                sessions: count.sessions.count, last: CivilText.text(count.last))
        }.sorted { one, other in
            one.processes != other.processes
                ? one.processes > other.processes
                : (one.program, one.uid, one.rule ?? "") < (other.program, other.uid, other.rule ?? "")
        }
        return LeftOverDocument(
            entries: entries, processes: entries.reduce(0) { $0 + $1.processes }, sessions: sessions.count,
            endings: endings)
    }

    /// A table, and what it sums up to.
    public func lines(zone: LocalZone) -> [String] {
        let document = document
        let sum =
            "\(Self.counted(document.processes, "process", "processes")) of "
            + "\(Self.counted(document.sessions, "session")) would have been ended; "
            + "\(Self.counted(document.endings, "ending")) looked at"
        if document.entries.isEmpty { return [sum] }
        var table = TextTable([
            .init("PROCESSES", isNumber: true), .init("SESSIONS", isNumber: true), .init("LAST"), .init("USER"),
            .init("RULE"), .init("PROGRAM"),
        ])
        for entry in document.entries {
            table.add([
                .init(String(entry.processes)), .init(String(entry.sessions)),
                .init(zone.text(CivilText.time(entry.last) ?? 0)), .init(ShownText.text(entry.user ?? "\(entry.uid)")),
                .init(entry.rule ?? ""), .init(entry.program),
            ])
        }
        return table.lines(hasColour: false) + ["", sum]
    }

    private static func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }
}
