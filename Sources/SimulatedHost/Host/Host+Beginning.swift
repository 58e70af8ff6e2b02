// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Host {
    /// Fills the machine: pid 1, the caller, Exeunt's own processes and whoever else is there.
    func populate() {
        keeper = machinery(origin: scenario.isInit ? .exeunt : .machine, parent: 0, uid: 0)
        front = keeper
        if let thread = born(machinery(origin: .machine, parent: 0, uid: 0)) {
            processes[thread].isKernelThread = true
        }
        if !scenario.isInit {
            let caller = machinery(origin: .machine, parent: 0, uid: scenario.owner)
            front = machinery(origin: .exeunt, parent: caller, uid: scenario.owner)
            keeper = machinery(origin: .exeunt, parent: front, uid: scenario.owner)
            // Whoever calls may have exported the very mark; that makes nobody a member.
            processes[caller].mark = .ours
            processes[front].mark = .ours
        }
        for (number, bystander) in scenario.bystanders.enumerated() { add(bystander, number: number) }
    }

    private func born(_ serial: Int) -> Int? { serial > 0 || processes.count == 1 ? serial : nil }

    private func machinery(origin: SimulatedProcess.Origin, parent: Int, uid: UInt32) -> Int {
        birth(script: 0, origin: origin, parent: parent, random: SeededGenerator(seed: 0)) { $0.uid = uid } ?? 0
    }

    private func add(_ bystander: Scenario.Bystander, number: Int) {
        guard !scenario.scripts[bystander.script].isLeftOut else { return }
        let random = SeededGenerator(seed: scenario.seed).derived(1_000 + number)
        _ = birth(script: bystander.script, origin: .bystander, parent: 0, random: random) { process in
            process.uid = bystander.uid
            process.mark = bystander.mark
            process.place = bystander.place
            process.program = .other
            process.audit = bystander.isInOtherAudit ? 2 : 0
        }
    }

    /// Bears the payload's leader, as a child of the keeper with a group of its own.
    func bearLeader() -> Int? {
        let random = SeededGenerator(seed: scenario.seed).derived(0)
        leader = birth(script: 0, origin: .payload, parent: keeper, random: random) { process in
            process.uid = scenario.owner
            process.mark = .ours
            process.place = scenario.trackers.contains(.cgroup) ? .session : .outside
            process.audit = scenario.trackers.contains(.audit) ? 1 : 0
        }
        return leader
    }
}
