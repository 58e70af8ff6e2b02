// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntProtocol
import ExeuntReports

/// `exeunt leases`: what may outlive its session.
struct Leases: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the leases: what may outlive its session, and until when.",
        discussion: """
            Shows the leases that exeuntd has granted, in the order in which they expire: all of them to root and to \
            members of group exeunt, their own to others.
            """)

    @Flag(help: "Write one line of JSON.")
    var json = false

    func run() throws {
        let leases = try DaemonCall.ask(LeasesCall()).leases
        if json { return try OutputStyle.write(document: LeaseListDocument(leases).encoded()) }
        if leases.isEmpty { return OutputStyle.noteNone("no leases") }
        try OutputStyle.write(LeaseTable(leases, zone: OutputStyle.zone).lines)
    }
}
