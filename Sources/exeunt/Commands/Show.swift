// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntProtocol
import ExeuntReports

/// `exeunt show`: one session, and who belongs to it.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a session and the processes that belong to it.",
        discussion: """
            Shows what is known of a log-in session, and its members as a tree: why each of them belongs to it, what it \
            uses, and what will happen to it at the end.
            """)

    @Flag(help: "Write one line of JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The id of the session.", valueName: "id"), completion: KnownIDs.sessions)
    var session: String

    func run() throws {
        let reply = try DaemonCall.ask(ShowCall(session: session))
        if json { return try OutputStyle.write(document: ShownSessionDocument(reply).encoded()) }
        let text = SessionText(reply, zone: OutputStyle.zone, nameOf: UserNames().name)
        try OutputStyle.write(text.lines(hasColour: OutputStyle.hasColour))
    }
}
