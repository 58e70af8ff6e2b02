// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntClient
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// `exeunt keep`: a command that may outlive its session.
struct Keep: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command that may outlive its session.",
        discussion: """
            Asks exeuntd for a lease, and executes COMMAND in its place: the same process, terminal and descriptors. What \
            COMMAND starts is kept with it. If the lease is refused, nothing is run, it is said why, and the exit code is 1.
            """)

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For how long. (default: as long as is permitted)", valueName: "duration"))
    var time: String?

    @Option(help: ArgumentHelp("What it is for, for people.", valueName: "text"))
    var reason: String?

    @Flag(help: "Run COMMAND in any case: without a lease there is a warning.")
    var orRun = false

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The command and its arguments.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        _ = try words()
        _ = try duration()
    }

    func run() throws {
        let words = try words()
        let program: [[UInt8]]
        do throws(SpawnError) {
            // Before anything is asked for: there is no lease for what is not there.
            program = try CommandSearch.candidates(for: words[0], path: Self.searchPath)
        } catch {
            Self.leave(error)
        }
        let time = try duration()
        do throws(ClientError) {
            try KeepRequest(words, program: program[0], time: time, reason: reason).grant()
        } catch {
            tell(error, words)
            if !orRun { CurrentProcess.exit(DaemonCall.exitCode(for: error)) }
        }
        // The daemon's connection is close-on-exec, as is everything else that was opened here.
        let environment = CurrentProcess.environment
        Self.leave(CurrentProcess.execute(words, candidates: program, environment: environment))
    }

    private func words() throws -> [[UInt8]] {
        let words = try PayloadWords.taken(command, for: Self.self)
        if words.isEmpty { throw ValidationError("no command was given: exeunt keep [options] -- COMMAND [ARGS]") }
        return words
    }

    private func duration() throws -> Duration? {
        guard let time else { return nil }
        let duration = try UsageError.reading("--for", time, DurationText.parse)
        if duration == .zero { throw ValidationError("--for: '\(Escaping.shown(time.utf8))' is no time at all") }
        return duration
    }

    private func tell(_ error: ClientError, _ words: [[UInt8]]) {
        let name = Escaping.shown(words[0])
        Console.message("no lease for \(name): \(KeepRequest.text(error))")
        if case .refused(.keepRefused(_, let consequence)) = error, !consequence.isEmpty {
            Console.message(Escaping.shown(consequence.utf8))
        } else if orRun {
            Console.message(
                "\(name) runs without one, and goes with its session if the configuration of this host says so")
        }
    }

    private static var searchPath: [UInt8]? {
        let variable = Array("PATH=".utf8)
        return CurrentProcess.environment.first { $0.starts(with: variable) }.map {
            Array($0.dropFirst(variable.count))
        }
    }

    private static func leave(_ error: SpawnError) -> Never {
        Console.failure(error)
        CurrentProcess.exit(error.isCommandMissing ? ExitCode.notFound : ExitCode.cannotExecute)
    }
}
