// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntCore
import ExeuntEngine
import LinuxSystem

extension Run {
    /// What the options ask for, and the defaults where they ask for nothing; bad ones are usage errors.
    func makeRequest(_ defaults: RunDefaults) throws -> RunRequest {
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
        if quiet && json { throw ValidationError("--quiet and --json exclude each other") }
        let named = [
            ("--report", report.map { [$0] } ?? []), ("--keep-exe", keepExe), ("--env-file", identity.envFile),
            ("--chdir", identity.chdir.map { [$0] } ?? []),
        ]
        for (option, paths) in named {
            for path in paths where path.unicodeScalars.contains("\u{FFFD}") {
                throw ValidationError(
                    "\(option): the path '\(Escaping.shown(path.utf8))' is not UTF-8; use a link to it")
            }
        }
        var request = defaults.request(try payload())
        if let trackers = try trackers() { request.trackers = trackers }
        if reportOnly { request.mode = .report }
        if let ladder { request.ladder = try UsageError.reading("--ladder", ladder, Ladder.parse) }
        if let unkillable { request.unkillable = try duration("--unkillable", unkillable) }
        if let leaderFirst { request.leaderFirst = try duration("--leader-first", leaderFirst) }
        if let timeLimit { request.timeLimit = try duration("--time-limit", timeLimit) }
        request.keepExecutables = keepExe
        request.needsStandardOutput = report == "-"
        request.wantsProgress = !quiet && !json && isTerminal(2)
        request.conditions = try identity.conditions()
        return request
    }

    private func duration(_ option: String, _ text: String) throws -> Duration {
        try UsageError.reading(option, text, DurationText.parse)
    }

    private func payload() throws -> [[UInt8]] {
        let words = try PayloadWords.taken(command, for: Run.self)
        if words.isEmpty, !identity.login {
            throw ValidationError("no command was given: exeunt run [options] -- COMMAND [ARGS]")
        }
        return words
    }

    private func trackers() throws -> [Tracker]? {
        var trackers: [Tracker] = []
        for text in track {
            for tracker in try UsageError.reading("--track", text, Tracker.parse) where !trackers.contains(tracker) {
                trackers.append(tracker)
            }
        }
        return trackers.isEmpty ? nil : trackers
    }
}
