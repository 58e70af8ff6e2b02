// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntProtocol
import ExeuntReports

/// `exeunt list`: which sessions there are.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the log-in sessions.",
        discussion: """
            Shows the sessions that exeuntd tracks, the oldest first: all of them to root and to members of group exeunt, \
            their own to others.
            """)

    @Flag(help: "Write one line of JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Write the ids alone, one a line.")
    var quiet = false

    func validate() throws {
        if quiet && json { throw ValidationError("--quiet and --json exclude each other") }
    }

    func run() throws {
        let sessions = try DaemonCall.ask(ListCall()).sessions
        if json { return try OutputStyle.write(document: SessionListDocument(sessions).encoded()) }
        if quiet { return try OutputStyle.write(sessions.map { ShownText.text($0.id) }) }
        if sessions.isEmpty { return OutputStyle.noteNone("no sessions") }
        let table = SessionTable(sessions, zone: OutputStyle.zone)
        try OutputStyle.write(table.lines(hasColour: OutputStyle.hasColour))
    }
}
