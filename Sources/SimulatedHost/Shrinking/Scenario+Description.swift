// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Scenario: CustomStringConvertible {
    /// What it holds, a line for each part.
    public var description: String {
        let who = isPrivileged ? "as root" : "as an ordinary user"
        let place = isInit ? "pid 1 of a container" : "with a front"
        var lines = [
            "\(who), \(place), \(pidSpace) pids, trackers \(trackers.map(\.description).joined(separator: " "))",
            "\(plan.mode), ladder \(plan.ladder), unkillable \(DurationText.text(plan.unkillable))",
        ]
        if let patience = plan.leaderFirst { lines.append("leader first for \(DurationText.text(patience))") }
        if plan.hooks.before + plan.hooks.after > 0 {
            lines.append("hooks: \(plan.hooks.before) before, \(plan.hooks.after) after")
        }
        lines += plan.rules.map { "rule \($0.name): \($0.action)" }
        lines += scripts.indices.filter { !scripts[$0].isLeftOut }.map { "\($0): \(Self.shown(scripts[$0]))" }
        lines += bystanders.map { bystander in
            "there before: \(bystander.script) as uid \(bystander.uid), mark \(bystander.mark), cgroup \(bystander.place)"
        }
        lines += incidents.map { "at \(DurationText.text(.nanoseconds($0.at))): \($0.kind)" }
        lines += faults.present.map { "\($0.name): \($0.shown(faults))" }
        return Trace.plain(lines.map { "  \($0)" }.joined(separator: "\n"))
    }

    private static func shown(_ script: ProcessScript) -> String {
        let steps = script.steps.map { "after \(DurationText.text(.nanoseconds($0.delay))) \($0.deed)" }
        let ignored = script.ignored.isEmpty ? [] : ["ignores \(script.ignored.map(\.rawValue).sorted())"]
        let repeats = script.repeats ? ["again and again"] : []
        return "\(script.name): "
            + (steps + repeats + ignored + ["asked to go: \(script.reaction)"]).joined(separator: ", ")
    }
}
