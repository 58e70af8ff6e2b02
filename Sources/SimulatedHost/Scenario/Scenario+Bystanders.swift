// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Scenario {
    /// Processes that are none of the session's business.
    mutating func makeBystanders(_ random: inout SeededGenerator) {
        let idle = add(ProcessScript(name: "bystander"))
        let brief = add(
            ProcessScript(
                name: "brief", steps: [ProcessScript.Step(delay: random.span(50_000, 5_000_000), deed: .exit)]))
        var busy = ProcessScript(
            name: "busy", steps: [ProcessScript.Step(delay: random.span(300_000, 80_000_000), deed: .fork(brief))])
        busy.repeats = true
        let busyNumber = add(busy)
        bystanders.append(Bystander(script: idle, uid: owner))
        if random.chance(60) { bystanders.append(Bystander(script: busyNumber, uid: owner)) }
        if random.chance(30) { bystanders.append(Bystander(script: busyNumber, uid: Self.otherUser)) }
        if random.chance(50) { bystanders.append(Bystander(script: idle, uid: Self.otherUser, mark: .ours)) }
        if random.chance(20) { bystanders.append(Bystander(script: idle, uid: owner, mark: .ours)) }
        if random.chance(50) {
            bystanders.append(Bystander(script: idle, uid: owner, mark: .ours, place: .otherSession))
        }
        if random.chance(30) {
            bystanders.append(Bystander(script: busyNumber, uid: owner, mark: .ours, isInOtherAudit: true))
        }
    }
}
