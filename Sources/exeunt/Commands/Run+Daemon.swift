// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

extension Run {
    /// What exeuntd is asked to run, where somebody who is not root wants a payload of another user; nil elsewhere.
    func daemonCall() throws -> RunCall? {
        guard CurrentProcess.effectiveUID != 0, let user = identity.user, hookOptions.glexec == nil else { return nil }
        // A wrong command line is one for whoever calls.
        let request = try makeRequest(RunDefaults())
        if let option = optionsOfRoot.first {
            throw ValidationError(
                "\(option) with --user takes root: otherwise it is exeuntd that runs the payload, by its configuration")
        }
        let kept = Set((Self.ofTerminal + request.conditions.preserved).map { Array($0.utf8) })
        let preserved = CurrentProcess.environment.filter {
            kept.contains(Array($0.prefix { $0 != UInt8(ascii: "=") }))
        }
        let directory = try identity.chdir.map { Array($0.utf8) } ?? CurrentProcess.workingDirectory()
        return RunCall(
            user: user, group: identity.group, command: try request.command.map { try Self.text($0, "the command") },
            environment: try (preserved + identity.assignments()).map { try Self.text($0, "the environment") },
            directory: try Self.text(directory, "the working directory"),
            timeLimit: request.timeLimit.map { Double(DurationText.nanoseconds($0)) / 1e9 })
    }

    /// What says how the terminal can be written to, as for every payload of another user.
    private static let ofTerminal = ["TERM", "COLORTERM", "NO_COLOR"]

    /// Those that are given and that the daemon does not take from others, by name.
    private var optionsOfRoot: [String] {
        let options = [
            ("--track", !track.isEmpty), ("--ladder", ladder != nil), ("--unkillable", unkillable != nil),
            ("--leader-first", leaderFirst != nil), ("--keep-exe", !keepExe.isEmpty), ("--report-only", reportOnly),
            ("--report", report != nil), ("--json", json),
            ("--supplementary-groups", identity.supplementaryGroups != nil), ("--login", identity.login),
            ("--limit", !identity.limit.isEmpty), ("--umask", identity.umask != nil),
            ("--no-new-privileges", identity.noNewPrivileges), ("--pass-fd", !identity.passFd.isEmpty),
        ]
        return options.filter(\.1).map(\.0) + hookOptions.given
    }

    private static func text(_ bytes: [UInt8], _ what: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ValidationError(
                "\(what) has '\(Escaping.shown(bytes))', which is not UTF-8; exeuntd takes nothing else")
        }
        return text
    }
}
