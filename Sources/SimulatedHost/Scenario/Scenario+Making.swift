// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Scenario {
    private static let millisecond: Int64 = 1_000_000

    /// The scenario of this seed.
    public init(seed: UInt64) {
        self.init(bare: seed)
        var random = SeededGenerator(seed: seed)
        isPrivileged = random.chance(50)
        isInit = random.chance(8)
        pidSpace = random.pick([48, 64, 128, 400])
        trackers = Self.trackers(&random, isPrivileged: isPrivileged)
        makePlan(&random)
        makePayload(&random)
        makeBystanders(&random)
        makeIncidents(&random)
        faults = Self.faults(&random)
    }

    private static func trackers(_ random: inout SeededGenerator, isPrivileged: Bool) -> [Tracker] {
        let mark = Tracker.mark(name: Tracker.sessionMark)
        switch random.below(10) {
        case 0, 1, 2: return [.cgroup, .descent]
        case 3, 4: return [.descent, mark]
        case 5: return [.cgroup]
        case 6: return [.descent]
        default:
            let all = [Tracker.cgroup, .descent, mark, .group] + (isPrivileged ? [.audit] : [])
            let some = all.filter { _ in random.chance(45) }
            return some.isEmpty ? [random.pick(all)] : some
        }
    }

    private mutating func makePlan(_ random: inout SeededGenerator) {
        plan.mode = random.chance(10) ? .report : .end
        plan.hasCgroup = trackers.contains(.cgroup)
        plan.ladder = Self.ladder(&random)
        plan.unkillable = random.pick([
            .seconds(15), .seconds(15), .seconds(1), .milliseconds(200), .milliseconds(3), .zero,
        ])
        if random.chance(25) {
            plan.hooks = HookPlan(
                before: random.below(3), after: random.below(3),
                timeout: random.pick([.milliseconds(5), .milliseconds(300), .seconds(30)]), unkillable: plan.unkillable)
        }
        if random.chance(20) { plan.leaderFirst = random.pick([.milliseconds(20), .milliseconds(500), .seconds(5)]) }
        if random.chance(30) {
            plan.rules = [Rule(name: "spared", executable: Program.spared.identity, action: .keep)]
            if random.chance(30) {
                plan.rules.append(Rule(name: "noted", executable: Program.noted.identity, action: .report))
            }
        }
    }

    private static func ladder(_ random: inout SeededGenerator) -> Ladder {
        typealias Rung = Ladder.Rung
        switch random.below(8) {
        case 0, 1, 2: return .payload
        case 3: return Ladder(rungs: [])
        case 4: return Ladder(rungs: [Rung(signals: [.term], grace: .zero)])
        case 5: return Ladder(rungs: [Rung(signals: [.cont, .hup, .term], grace: .seconds(2))])
        case 6:
            let int = Rung(signals: [.cont, .int], grace: .milliseconds(300))
            return Ladder(rungs: [int, Rung(signals: [.term], grace: .seconds(1)), Rung(signals: [.hup], grace: .zero)])
        default:
            let first = Rung(signals: [.hup], grace: .zero)
            return Ladder(rungs: [first, Rung(signals: [.term], grace: .milliseconds(Int64(random.between(1, 50))))])
        }
    }

    /// The leader, and what it leaves behind.
    private mutating func makePayload(_ random: inout SeededGenerator) {
        scripts = [ProcessScript(name: "leader")]
        var starts: [ProcessScript.Step] = []
        for _ in 0..<random.between(0, 7) {
            let delay = random.span(10_000, 5 * Self.millisecond)
            starts.append(ProcessScript.Step(delay: delay, deed: .fork(addMember(&random))))
        }
        // Somebody to wait for, while those that a rule spares go on with what they do.
        if !plan.rules.isEmpty {
            let stubborn = ProcessScript(
                name: "stubborn", ignored: [.term, .int, .hup], reaction: Self.reaction(&random))
            scripts.append(stubborn)
            starts.append(ProcessScript.Step(delay: 10_000, deed: .fork(scripts.count - 1)))
        }
        if random.chance(70) {
            let deed: ProcessScript.Deed = random.chance(85) ? .exit : .fallVictim
            starts.append(ProcessScript.Step(delay: random.span(10_000, 500 * Self.millisecond), deed: deed))
        }
        if random.chance(5) { starts.insert(ProcessScript.Step(delay: 1_000, deed: .execute(.spared)), at: 0) }
        scripts[0].steps = starts
        scripts[0].reaction = Self.reaction(&random)
        if random.chance(25) {
            scripts[0].ignored = random.pick([[.int], [.hup], [.term, .int], [.hup, .int, .term]])
        }
    }

    private mutating func makeIncidents(_ random: inout SeededGenerator) {
        let requests: [SignalName] = [.term, .term, .int]
        func moment() -> Int64 { random.chance(10) ? 0 : random.span(10_000, 400 * Self.millisecond) }
        if random.chance(35) { incidents.append(Incident(at: moment(), kind: .request(random.pick(requests)))) }
        if random.chance(15) { incidents.append(Incident(at: moment(), kind: .request(random.pick(requests)))) }
        if random.chance(15) {
            let signals: [SignalName] = [.hup, .quit, .usr1, .usr2, .winch, .cont]
            incidents.append(Incident(at: moment(), kind: .pass(random.pick(signals))))
        }
        if random.chance(10) { incidents.append(Incident(at: moment(), kind: .frontKilled)) }
        if random.chance(10) { incidents.append(Incident(at: moment(), kind: .timeLimit)) }
        // A leader that never exits by itself needs somebody who ends it.
        incidents.append(Incident(at: 600 * Self.millisecond, kind: .timeLimit))
        if plan.mode == .report { incidents.append(Incident(at: 700 * Self.millisecond, kind: .request(.term))) }
        incidents.sort { $0.at < $1.at }
    }

    private static func faults(_ random: inout SeededGenerator) -> Faults {
        var faults = Faults()
        if random.chance(40) { faults.shortLooks = random.pick([5, 30, 100]) }
        if random.chance(5) { faults.failedLooks = 40 }
        faults.cgroupKillFails = random.chance(10)
        if random.chance(10) { faults.deniedProcesses = 30 }
        faults.emptiedDelay = random.chance(50) ? 0 : random.span(1_000, 50 * millisecond)
        if random.chance(20) { faults.falseAlarms = 20 }
        faults.exitDelay = random.chance(50) ? 0 : random.span(1_000, 20 * millisecond)
        faults.tellsForeignExits = random.chance(50)
        faults.timerDelay = random.chance(60) ? 0 : random.span(1_000, 30 * millisecond)
        if random.chance(10) { faults.earlyTimers = 50 }
        if random.chance(10) {
            faults.lookCost = 0
            faults.signalCost = 0
        } else {
            faults.lookCost = random.span(20_000, 2 * millisecond)
            faults.signalCost = random.span(300, 50_000)
        }
        if random.chance(30) { faults.crashAfter = random.between(1, 30) }
        faults.sessionHearsFirst = random.chance(50)
        return faults
    }
}
