// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntReports

/// `exeunt history`: how sessions have ended.
struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how sessions have ended, and what they had left behind.",
        discussion: """
            Shows the endings of log-in sessions, oldest first. Root and members of group exeunt read the file of records, \
            which needs no daemon; others are shown their own by exeuntd.
            """)

    @OptionGroup
    var options: RecordOptions

    @Option(help: ArgumentHelp("Show the newest so many.", valueName: "number"))
    var limit: Int?

    @Flag(help: "Write the records, one line of JSON for each.")
    var json = false

    func validate() throws {
        _ = try options.time()
        if let limit, limit < 1 { throw ValidationError("--limit: \(limit) is not a valid number: expected 1 or more") }
    }

    func run() throws {
        let records = EndedRecords(since: try options.time(), limit: limit)
        if json {
            _ = try records.forEach { try OutputStyle.write(document: $0.line) }
            return
        }
        var table = HistoryTable(zone: OutputStyle.zone, nameOf: UserNames().name)
        let absent = try records.forEach { table.add($0.record) }
        if table.isEmpty { return OutputStyle.noteNone("no endings\(absent.map { ": there is no \($0)" } ?? "")") }
        try OutputStyle.write(table.lines(hasColour: OutputStyle.hasColour))
    }
}
