// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntEngine
import ExeuntProtocol
import ExeuntReports
import LinuxSystem

/// `exeunt check`: whether what root is to run or to read can be trusted.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether hooks and configuration files can be trusted, and what would mend it.",
        discussion: """
            Every component of a path is judged as it is before the file is run or read: nobody but root may be able \
            to change it. Of a directory of hooks every entry is judged. Without a path, the configuration is judged \
            and what it names, and it is said how long the ending of a payload can take. Nothing is run. The exit \
            code is 1 when something is not trusted. With --session it is shown what would happen to each process of \
            a session if that ended now, and which rule says so.
            """)

    @Flag(help: "Write one line of JSON.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Say what would happen to each process of this session if it ended now, and why.", valueName: "id"),
        completion: KnownIDs.sessions)
    var session: String?

    @Argument(help: ArgumentHelp("A hook, a directory of hooks, or a configuration file.", valueName: "path"))
    var paths: [String] = []

    func validate() throws {
        if session != nil && !paths.isEmpty { throw ValidationError("--session and paths exclude each other") }
    }

    func run() throws {
        if let session { return try decide(session) }
        let report = Self.report(on: Self.paths(in: CurrentProcess.arguments))
        if !json, !report.faults.isEmpty { Console.message(report.faults.joined(separator: "\n")) }
        let text = json ? try report.json() : report.text()
        if !text.isEmpty { try writeAll(text + [UInt8(ascii: "\n")], to: 1, subject: "standard output") }
        CurrentProcess.exit(report.isTrusted ? 0 : 1)
    }

    private func decide(_ session: String) throws {
        let reply = try DaemonCall.ask(ShowCall(session: session))
        if json { return try OutputStyle.write(document: ShownSessionDocument(reply).encoded()) }
        try OutputStyle.write(DecisionText(reply, nameOf: UserNames().name).lines)
    }

    private static func report(on paths: [[UInt8]]) -> TrustReport {
        guard paths.isEmpty else {
            return TrustReport(
                paths.flatMap { TrustCheck.findings(on: $0, .rootOnly) }, uid: CurrentProcess.effectiveUID)
        }
        let check = ConfigurationCheck.ofThisHost()
        return TrustReport(
            check.findings, faults: check.faults, plan: check.plan, loginPlan: check.loginPlan,
            uid: CurrentProcess.effectiveUID)
    }

    /// As bytes: the parser's strings have lost whatever is not UTF-8.
    private static func paths(in arguments: [[UInt8]]) -> [[UInt8]] {
        let words = arguments.dropFirst(2).split(
            separator: Array("--".utf8), maxSplits: 1, omittingEmptySubsequences: false)
        let mixed = words.first?.filter { $0.first != UInt8(ascii: "-") } ?? []
        return mixed + words.dropFirst().joined()
    }
}
