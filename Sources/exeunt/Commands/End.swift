// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntEngine
import LinuxSystem

/// `exeunt end`: sessions are over.
struct End: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End sessions, and everything they have started.",
        discussion: """
            Ends log-in sessions as if they had been closed: what is left of them is told to go, and made to go, by the \
            rules of this host. The exit code is 1 when a request was refused, or, with --wait, when something could not be ended.
            """)

    @Flag(help: "Send KILL at once.")
    var force = false

    @Flag(help: "Wait until they have ended, and say how it went.")
    var wait = false

    @Flag(help: "Write one line of JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The ids of the sessions.", valueName: "id"), completion: KnownIDs.sessions)
    var sessions: [String]

    func run() throws {
        var outcomes = EndOutcomes(isJSON: json)
        // Those of a bundle end at the same time. A user may have 32 connections.
        for start in stride(from: 0, to: sessions.count, by: Self.bundle) {
            let ids = sessions[start..<min(start + Self.bundle, sessions.count)]
            let requests = ids.map { EndRequest($0, force: force, wait: wait) }
            for request in requests { try outcomes.take(request) }
        }
        if json { try OutputStyle.write(document: outcomes.document) }
        if !outcomes.areGood { CurrentProcess.exit(ExitCode.survivors) }
    }

    private static let bundle = 16
}
