// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Numbers for whoever watches over hosts: `metrics.prom`, OpenMetrics text for the textfile collector of the node exporter.
/// They count from the start of the daemon.
struct Metrics {
    private var opened = 0
    private var leases = 0
    private var failedHooks = 0
    private var endings: [String: Int] = [:]
    private var processes: [String: Int] = [:]
    private var seconds = 0.0
    private var lastSeconds = 0.0

    mutating func noteOpened() { opened += 1 }
    mutating func noteLease() { leases += 1 }

    mutating func note(_ summary: EndingSummary) {
        endings["reason=\"\(summary.reason)\",verdict=\"\(summary.verdict)\"", default: 0] += 1
        for (outcome, count) in summary.outcomes { processes["outcome=\"\(outcome)\"", default: 0] += count }
        failedHooks += summary.failedHooks
        seconds += summary.seconds
        lastSeconds = summary.seconds
    }

    /// The whole file.
    func text(_ registry: Registry) -> [UInt8] {
        var states = ["active": 0, "ending": 0, "kept": 0]
        var current = 0
        for session in registry.sessions.values {
            if session.lease != nil {
                current += 1
                continue
            }
            switch session.state {
            case .active: states["active", default: 0] += 1
            case .ending: states["ending", default: 0] += 1
            case .kept: states["kept", default: 0] += 1
            }
        }
        var lines: [String] = []
        func add(_ name: String, _ type: String, _ help: String, _ samples: [(String, String)]) {
            lines += ["# TYPE \(name) \(type)", "# HELP \(name) \(help)"]
            let suffix = type == "counter" ? "_total" : ""
            lines += samples.map { "\(name)\(suffix)\($0.0.isEmpty ? "" : "{\($0.0)}") \($0.1)" }
        }
        add(
            "exeunt_sessions", "gauge", "Sessions of log-ins by state.",
            Self.samples(states.mapKeys { "state=\"\($0)\"" }))
        add("exeunt_leases", "gauge", "Leases in force.", [("", "\(current)")])
        add("exeunt_sessions_opened", "counter", "Sessions that were opened.", [("", "\(opened)")])
        add("exeunt_leases_granted", "counter", "Leases that were granted.", [("", "\(leases)")])
        add("exeunt_endings", "counter", "Endings by reason and verdict.", Self.samples(endings))
        add("exeunt_processes", "counter", "Processes that endings came across, by outcome.", Self.samples(processes))
        add("exeunt_hooks_failed", "counter", "Hooks that failed.", [("", "\(failedHooks)")])
        add("exeunt_ending_seconds", "counter", "Time that endings took.", [("", "\(seconds)")])
        add("exeunt_last_ending_seconds", "gauge", "Time that the last ending took.", [("", "\(lastSeconds)")])
        return Array((lines + ["# EOF", ""]).joined(separator: "\n").utf8)
    }

    private static func samples(_ counts: [String: Int]) -> [(String, String)] {
        counts.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    }
}

extension [String: Int] {
    fileprivate func mapKeys(_ change: (String) -> String) -> [String: Int] {
        [String: Int](uniqueKeysWithValues: map { (change($0.key), $0.value) })
    }
}
