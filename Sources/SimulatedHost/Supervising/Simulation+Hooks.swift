// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Simulation {
    func runHook(_ phase: HookPhase, _ index: Int) {
        judge.runsHook(phase, index, session)
        let plan = scenario.plan.hooks
        let longest = DurationText.nanoseconds(plan.timeout + HookPlan.ladder.graces + plan.unkillable)
        hookEnds = host.now + (host.random.chance(20) ? longest : host.random.span(0, longest))
    }

    /// Whoever stops a hook does not wait for what it would like to do.
    func stopHook() {
        guard let ends = hookEnds else { return }
        hookEnds = min(ends, host.now + host.random.span(0, 5_000_000))
    }

    func endHook() {
        hookEnds = nil
        feed(.hookEnded)
    }
}
