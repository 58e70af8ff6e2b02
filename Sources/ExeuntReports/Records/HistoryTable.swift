// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Endings, a line for each.
public struct HistoryTable {
    private var table = TextTable([
        .init("ENDED"), .init("ID"), .init("USER"), .init("SERVICE"), .init("REASON"), .init("VERDICT"),
        .init("LEFT-OVERS"),
    ])
    private let zone: LocalZone
    private let nameOf: (UInt32) -> String?
    /// How many programs are named.
    private static let most = 3

    /// - Parameter nameOf: the name of a user, for records that have none.
    public init(zone: LocalZone, nameOf: @escaping (UInt32) -> String?) {
        self.zone = zone
        self.nameOf = nameOf
    }

    /// Endings are shown in the order in which they are added.
    public mutating func add(_ record: StoredRecord) {
        let user = record.session.user ?? nameOf(record.session.owner) ?? String(record.session.owner)
        table.add([
            .init(zone.text(record.ended, hasSeconds: true)), .init(ShownText.text(record.session.id)),
            .init(ShownText.text(user)), .init(ShownText.text(record.session.service)),
            .init(ShownText.text(record.reason)), .init(ShownText.text(record.verdict), Self.colour(record.verdict)),
            .init(Self.leftOvers(record)),
        ])
    }

    /// Whether there is no ending in it.
    public var isEmpty: Bool { table.isEmpty }

    /// With headings.
    public func lines(hasColour: Bool) -> [String] { table.lines(hasColour: hasColour) }

    private static func colour(_ verdict: String) -> Colour? {
        switch verdict {
        case "survivors": .red
        case "killed": .yellow
        case "kept", "reported": .cyan
        default: nil
        }
    }

    /// How many, and the programs of the first: `4: vim, sleep (2), make`.
    private static func leftOvers(_ record: StoredRecord) -> String {
        let found = record.leftOvers
        guard !found.isEmpty else { return "" }
        var programs: [(name: String, count: Int)] = []
        for process in found {
            let name = lastPart(of: process.program)
            if let index = programs.firstIndex(where: { $0.name == name }) {
                programs[index].count += 1
            } else {
                programs.append((name, 1))
            }
        }
        let named = programs.prefix(most).map { $0.count > 1 ? "\($0.name) (\($0.count))" : $0.name }
        let more = programs.count > most ? ", …" : ""
        return "\(found.count + (record.omitted ?? 0)): \(named.joined(separator: ", "))\(more)"
    }

    private static func lastPart(of path: String) -> String {
        guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }
}
