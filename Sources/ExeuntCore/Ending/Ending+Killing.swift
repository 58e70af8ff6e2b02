// SPDX-License-Identifier: Apache-2.0

extension Ending {
    /// The passes that stop newcomers before anybody is killed, which keeps them from forking meanwhile. The first
    /// pass kills what it sees: nearly always that is all, and a look shows whether it was. After these passes whoever
    /// has outrun STOP is killed on sight.
    static let stopPasses = 2...5
    /// From this pass on single signals have proved too slow.
    static let racingPass = 8
    /// How often the host is looked at while dying processes are awaited for which the kernel has no event.
    static let dyingLook: Duration = .seconds(1)

    private var killsAtOnce: Bool { plan.hasCgroup && plan.rules.isEmpty }

    /// Reaches KILL.
    mutating func kill(at now: Instant) -> [EndingAction] {
        state = .kill(until: now + plan.unkillable)
        // Where one write kills everybody nobody is looked at first: a look at thousands costs more than their end,
        // and whoever is not known yet is recorded when it is reaped.
        return killsAtOnce ? [.cancelTimer, .killCgroup, .setTimer(now + Self.dyingLook)] : [.cancelTimer, .observe]
    }

    /// Notes how the one write went.
    mutating func noteCgroupKill(_ failure: String?, at now: Instant) -> [EndingAction] {
        guard case .kill = state else { return [] }
        for member in roster.members where !member.isGone && member.process.evidence.contains(.cgroup) {
            roster.update(member.process.identity) { member in
                if let failure { member.refusal = failure } else { member.lastSignal = .kill }
            }
            if failure == nil { killed.insert(member.process.identity) }
        }
        guard failure != nil else { return [] }
        cgroupKillFailed = true
        return [.observe]
    }

    /// One pass: stop newcomers, then kill everybody, until nobody is left or only those who cannot be ended.
    mutating func kill(_ targets: [ObservedProcess], until: Instant, at now: Instant) -> [EndingAction] {
        if targets.isEmpty { return settle(at: now) }
        if now >= until { return giveUp(at: now) }
        if !killsAtOnce || cgroupKillFailed || targets.contains(where: { !$0.evidence.contains(.cgroup) }) {
            return pass(over: targets, until: until, at: now)
        }
        // Somebody new inside the cgroup after the write: it was forked out of the kernel's sight, or is dying still.
        let fresh = targets.filter { !killed.contains($0.identity) }
        if fresh.isEmpty { return wait(until: until, at: now) }
        killed.formUnion(fresh.map(\.identity))
        return [.killCgroup, .setTimer(min(until, now + Self.dyingLook))]
    }

    private mutating func pass(over targets: [ObservedProcess], until: Instant, at now: Instant) -> [EndingAction] {
        let alive = targets.filter { !killed.contains($0.identity) }
        let fresh = alive.filter { !toldHere.contains($0.identity) }
        rounds += 1
        if !fresh.isEmpty && Self.stopPasses.contains(rounds) {
            toldHere.formUnion(fresh.map(\.identity))
            return [.signal([.stop], fresh.map(\.identity))]
        }
        guard !alive.isEmpty else {
            let refused = targets.allSatisfy { roster[$0.identity]?.refusal != nil }
            return refused ? giveUp(at: now) : wait(until: until, at: now)
        }
        killed.formUnion(alive.map(\.identity))
        let group: [EndingAction] = rounds >= Self.racingPass ? [.killLeaderGroup] : []
        return group + [.signal([.kill], alive.map(\.identity))]
    }

    private func wait(until: Instant, at now: Instant) -> [EndingAction] {
        [.setTimer(min(until, now + Self.dyingLook))]
    }

    /// Whoever is still there is a survivor.
    private mutating func giveUp(at now: Instant) -> [EndingAction] {
        for member in roster.members where !member.isGone && member.outcome == .pending {
            let dying = member.process.state == UInt8(ascii: "D")
            let why = member.refusal ?? (dying ? "uninterruptible, state D" : "still there after KILL")
            roster.update(member.process.identity) { $0.outcome = .survived(why: why) }
        }
        return finish(at: now, as: .survivors)
    }
}
