// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Judge {
    func runsHook(_ phase: HookPhase, _ index: Int, _ session: Session) {
        let before = hooksRun[phase, default: []]
        if index != before.count { fault(.hooksRunOnce, "\(phase) \(index) after \(before)") }
        if isSecond { fault(.hooksRunOnce, "\(phase) \(index) by a second supervisor") }
        hooksRun[phase, default: []].append(index)
        switch phase {
        case .before:
            if session.ending.state != .idle { fault(.hooksRunOnce, "a before-hook during the ladder") }
        case .after:
            guard case .ended(let verdict) = session.ending.state else {
                return fault(.hooksRunOnce, "an after-hook during the ladder")
            }
            checkNobodyLeft(verdict)
        }
    }

    /// Called at the end.
    func checkHooks() {
        guard !isSecond else { return }
        let plan = host.scenario.plan
        let isReport = plan.mode == .report
        let after = hooksRun[.after, default: []].count
        if after != (isReport ? 0 : plan.hooks.after) { fault(.hooksRunOnce, "\(after) after-hooks were run") }
        let before = hooksRun[.before, default: []].count
        // Somebody in a hurry does without those that have not begun.
        let isComplete = isHurried ? before <= plan.hooks.before : before == plan.hooks.before
        if isReport ? before > 0 : !isComplete { fault(.hooksRunOnce, "\(before) before-hooks were run") }
    }
}
