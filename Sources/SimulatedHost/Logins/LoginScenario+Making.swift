// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension LoginScenario {
    private static let millisecond: Int64 = 1_000_000
    private static let second: Int64 = 1_000_000_000

    /// The scenario of this seed.
    public init(seed: UInt64) {
        self.init(bare: seed)
        // Not the numbers of the other kind of trial.
        var random = SeededGenerator(seed: seed).derived(-7)
        policy = Self.policy(&random)
        for _ in 0..<random.between(1, 3) { logins.append(login(&random)) }
        for login in logins.indices where !logins[login].children.isEmpty && random.chance(35) {
            leases.append(lease(of: login, &random))
        }
        makeIncidents(&random)
        if random.chance(60) {
            for _ in 0..<random.between(1, 3) { crashes.append(Self.crash(&random)) }
        }
        faults = Self.faults(&random)
    }

    private static func policy(_ random: inout SeededGenerator) -> Policy {
        var policy = Policy()
        if random.chance(8) { policy.mode = .report }
        let polite = Ladder.Rung(signals: [.hup, .term], grace: .milliseconds(300))
        policy.ladder = random.pick([.payload, Ladder(rungs: []), Ladder(rungs: [polite])])
        policy.unkillable = random.pick([.seconds(15), .milliseconds(200)])
        policy.keeps = random.chance(30) ? nil : .nanoseconds(random.span(second, 3600 * second))
        policy.isExcluded = random.chance(10)
        if random.chance(70) {
            policy.hooks = HookPlan(before: 1, after: 1, timeout: .seconds(2), unkillable: .seconds(1))
        }
        return policy
    }

    private func login(_ random: inout SeededGenerator) -> Login {
        var login = Login(opens: random.span(Self.millisecond, 20 * Self.second))
        if random.chance(75) { login.closes = random.span(Self.millisecond, 60 * Self.second) }
        if login.closes == nil || random.chance(80) { login.exits = random.span(Self.millisecond, 20 * Self.second) }
        if random.chance(40) { login.waits = random.pick([1, 10, 60]) * Self.second }
        login.isAdopted = random.chance(25)
        login.isTwice = random.chance(10)
        if !logins.isEmpty, random.chance(15) { login.ledBy = random.below(logins.count) }
        for _ in 0..<random.between(0, 4) { login.children.append(Self.child(&random)) }
        return login
    }

    private static func child(_ random: inout SeededGenerator) -> Child {
        var child = Child(starts: random.span(100_000, 30 * second))
        child.stubborn = random.chance(25)
        child.spared = random.chance(25)
        if random.chance(10) { child.sleeps = random.pick([5, 30, 100]) * second }
        child.goes = random.span(10_000, 8 * second)
        if random.chance(40) { child.exits = random.span(millisecond, 600 * second) }
        return child
    }

    private func lease(of login: Int, _ random: inout SeededGenerator) -> LeaseTaking {
        let child = random.below(logins[login].children.count)
        let at =
            logins[login].opens + logins[login].children[child].starts + random.span(Self.millisecond, 10 * Self.second)
        var lease = LeaseTaking(login: login, child: child, at: at, lasts: random.span(Self.second, 7200 * Self.second))
        if random.chance(40) { lease.released = random.span(Self.millisecond, 60 * Self.second) }
        return lease
    }

    private mutating func makeIncidents(_ random: inout SeededGenerator) {
        func moment() -> Int64 { random.span(10 * Self.millisecond, 120 * Self.second) }
        for login in logins.indices {
            if random.chance(15) {
                incidents.append(Incident(at: moment(), kind: .request(login, isForced: random.chance(40))))
            }
            if random.chance(15) { incidents.append(Incident(at: moment(), kind: .enderKilled(login))) }
            if random.chance(8) { incidents.append(Incident(at: moment(), kind: .transportGone(login))) }
        }
        if random.chance(30) { incidents.append(Incident(at: moment(), kind: .daemonKilled(Self.crash(&random)))) }
    }

    private static func crash(_ random: inout SeededGenerator) -> Crash {
        Crash(acts: random.between(1, 30), away: random.span(millisecond, 40 * second), killsEnders: random.chance(30))
    }

    private static func faults(_ random: inout SeededGenerator) -> LoginFaults {
        var faults = LoginFaults()
        if random.chance(25) { faults.lateAnswers = random.pick([20, 100]) }
        if random.chance(20) { faults.lostMessages = 40 }
        if random.chance(20) { faults.repeatedMessages = 40 }
        if random.chance(15) { faults.failedForks = 40 }
        if random.chance(30) { faults.shortLooks = random.pick([10, 50]) }
        faults.delay = random.chance(50) ? 0 : random.span(1_000, 50 * millisecond)
        faults.slowStart = random.chance(70) ? 0 : random.span(millisecond, 10 * second)
        if random.chance(15) { faults.earlyTimers = 50 }
        return faults
    }
}
