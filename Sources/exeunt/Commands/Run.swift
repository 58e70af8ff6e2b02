// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// `exeunt run`: a command as the payload of a session.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command, and end what it leaves behind.",
        discussion: """
            Runs COMMAND as the payload of a session. When it ends, every process it has left behind is found, asked \
            to go, made to go, and recorded; then exeunt exits as COMMAND did.
            """)

    @Option(
        help: ArgumentHelp(
            "How to find members: cgroup, descent, mark:NAME, group, audit. Can be given several times.",
            valueName: "tracker"))
    var track: [String] = []

    @Option(
        help: ArgumentHelp("Signals and graces, KILL last. (default: \(Ladder.payload))", valueName: "steps"))
    var ladder: String?

    @Option(
        help: ArgumentHelp(
            "How long a process may take to disappear after KILL. (default: 15s)", valueName: "duration"))
    var unkillable: String?

    @Option(help: ArgumentHelp("End the session after this time.", valueName: "duration"))
    var timeLimit: String?

    @Option(
        help: ArgumentHelp(
            "On a requested ending, tell only the leader at first, and wait this long for it.", valueName: "duration"))
    var leaderFirst: String?

    @Option(
        help: ArgumentHelp(
            "Spare this program and what it starts. Can be given several times.", valueName: "path"))
    var keepExe: [String] = []

    @OptionGroup(title: "Hooks")
    var hookOptions: HookOptions

    @Flag(help: "Find and write everything, signal nothing.")
    var reportOnly = false

    @Option(
        help: ArgumentHelp(
            "Write the record as JSON to this file, or to standard output for '-'.", valueName: "file"))
    var report: String?

    @Flag(help: "Write the record to standard error as one line of JSON instead of a summary.")
    var json = false

    @Flag(name: .shortAndLong, help: "Write no summary.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Write a summary even if nothing was left.")
    var verbose = false

    @OptionGroup(title: "Identity and conditions of the payload")
    var identity: IdentityOptions

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The command and its arguments.", valueName: "command"))
    var command: [String] = []

    func validate() throws { _ = try makeRequest(RunDefaults()) }

    func run() throws {
        if let call = try daemonCall() { CurrentProcess.exit(try DaemonRun.run(call)) }
        let caller = CurrentProcess.uid
        let preparation: Preparation
        do {
            preparation = try prepare()
        } catch let error as GlexecError {
            if CurrentProcess.effectiveUID == 0 { RunLog.refused(error) }
            Console.failure(error.told(to: caller))
            CurrentProcess.exit(error.exitCode)
        }
        CurrentProcess.exit(Supervision.run(preparation.request, for: preparation.audience))
    }

    /// The payload of a command line that has no options at all: `exeunt run -- COMMAND [ARGS]`.
    static func plainPayload(_ arguments: [[UInt8]]) -> [[UInt8]]? {
        guard arguments.count > 3, arguments[1] == Array("run".utf8), arguments[2] == Array("--".utf8) else {
            return nil
        }
        return Array(arguments[3...])
    }

    /// Runs a payload with the default of every option. Returns where these ask for hooks, about which there is more
    /// to say.
    static func run(_ payload: [[UInt8]]) throws {
        let defaults = try RunDefaults.load()
        if defaults.hooks.areAny { return }
        var request = defaults.request(payload)
        request.wantsProgress = isTerminal(2)
        CurrentProcess.exit(Supervision.run(request, for: RunAudience(RunAudience.Output(), nil)))
    }
}
