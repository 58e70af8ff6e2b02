// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntReports

/// `exeunt report`: what report mode has spared.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what would have been ended if it were not for report mode.",
        discussion: """
            Sums up from the records what sessions have left behind that was only reported, by program, user and rule: what \
            would go if KillUserProcesses=report became yes, or Action=report became end.
            """)

    @OptionGroup
    var options: RecordOptions

    @Flag(help: "Write one line of JSON.")
    var json = false

    func validate() throws { _ = try options.time() }

    func run() throws {
        var leftOvers = ReportedLeftOvers(nameOf: UserNames().name)
        _ = try EndedRecords(since: try options.time()).forEach { leftOvers.add($0.record) }
        if json { return try OutputStyle.write(document: leftOvers.document.encoded()) }
        try OutputStyle.write(leftOvers.lines(zone: OutputStyle.zone))
    }
}
