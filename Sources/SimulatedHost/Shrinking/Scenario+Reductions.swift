// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Scenario {
    /// How much there is in it: processes, what they do, incidents and faults.
    public var size: Int {
        let kept = scripts.filter { !$0.isLeftOut }
        let details = kept.reduce(0) { $0 + 1 + $1.steps.count + $1.ignored.count + ($1.repeats ? 1 : 0) }
        return details + bystanders.count + incidents.count + faults.present.count + trackers.count
            + plan.rules.count + plan.hooks.before + plan.hooks.after + (plan.leaderFirst == nil ? 0 : 1)
            + (plan.ladder == .payload ? 0 : 1)
    }

    /// Every scenario that is smaller than this one by one part, the large parts first.
    public var reductions: [Scenario] {
        withoutScripts + withoutBystanders + withoutIncidents + withoutFaults + withSimplerPlan + withoutDetails
            + withoutTrackers
    }

    private func changed(_ change: (inout Scenario) -> Void) -> Scenario {
        var scenario = self
        change(&scenario)
        return scenario
    }

    private var withoutScripts: [Scenario] {
        scripts.indices.dropFirst().filter { !scripts[$0].isLeftOut }.map { index in
            changed { $0.scripts[index].isLeftOut = true }
        }
    }

    private var withoutBystanders: [Scenario] {
        bystanders.indices.map { index in changed { $0.bystanders.remove(at: index) } }
    }

    private var withoutIncidents: [Scenario] {
        incidents.indices.map { index in changed { $0.incidents.remove(at: index) } }
    }

    private var withoutFaults: [Scenario] {
        faults.present.map { field in changed { field.reset(&$0.faults) } }
    }

    private var withSimplerPlan: [Scenario] {
        var simpler: [Scenario] = []
        if !plan.rules.isEmpty { simpler.append(changed { $0.plan.rules.removeLast() }) }
        if plan.hooks.before > 0 { simpler.append(changed { $0.plan.hooks.before -= 1 }) }
        if plan.hooks.after > 0 { simpler.append(changed { $0.plan.hooks.after -= 1 }) }
        if plan.leaderFirst != nil { simpler.append(changed { $0.plan.leaderFirst = nil }) }
        if plan.ladder != .payload { simpler.append(changed { $0.plan.ladder = .payload }) }
        return simpler
    }

    private var withoutDetails: [Scenario] {
        scripts.indices.filter { !scripts[$0].isLeftOut }.flatMap { index in
            var simpler = scripts[index].steps.indices.map { step in
                changed { $0.scripts[index].steps.remove(at: step) }
            }
            if !scripts[index].ignored.isEmpty { simpler.append(changed { $0.scripts[index].ignored = [] }) }
            if scripts[index].repeats { simpler.append(changed { $0.scripts[index].repeats = false }) }
            return simpler
        }
    }

    private var withoutTrackers: [Scenario] {
        guard trackers.count > 1 else { return [] }
        return trackers.indices.map { index in
            changed { scenario in
                if scenario.trackers.remove(at: index) == .cgroup { scenario.plan.hasCgroup = false }
            }
        }
    }
}
