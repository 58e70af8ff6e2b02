// SPDX-License-Identifier: Apache-2.0

extension Ending {
    /// The passes that stop newcomers before anybody is killed, which keeps them from forking meanwhile. The first
    /// pass kills what it sees: nearly always that is all, and a look shows whether it was. After these passes whoever
    /// has outrun STOP is killed on sight.
    static let stopPasses = 2...5
    /// From this pass on single signals have proved too slow.
    static let racingPass = 8
    /// How many rounds after the bound may still try KILL on newcomers: one for the cgroup, one for single signals.
    static let mostLastCalls = 2
    /// How often the host is looked at while dying processes are awaited for which the kernel has no event.
    static let dyingLook: Duration = .seconds(1)

    private var killsAtOnce: Bool {
        plan.hasCgroup && plan.sparesNobodyInside && !(plan.leaderStaysInside && mayLeaderLeave)
    }

    /// Whether the leader may still leave by itself. One that two looks have not shown has left.
    private var mayLeaderLeave: Bool {
        guard leaderLeaves != nil, let leader else { return false }
        return isLeaderLeaving || looks < 2 || mayHaveMissed || roster[leader]?.isGone == false
    }

    /// Reaches KILL.
    mutating func kill(at now: Instant) -> [EndingAction] {
        let until = now + plan.unkillable
        state = .kill(until: until)
        toldHere = []
        lastCalls = 0
        // Where one write kills everybody nobody is looked at first: a look at thousands costs more than their end,
        // and whoever is not known yet is recorded when it is reaped.
        return killsAtOnce && !plan.looksBeforeKill
            ? wait(until: until, at: now) + [.killCgroup] : [.cancelTimer] + lookBetweenKills()
    }

    /// Notes how the one write went.
    mutating func noteCgroupKill(_ failure: String?, at now: Instant) -> [EndingAction] {
        guard case .kill = state else { return [] }
        for member in roster.members where !member.isGone && member.process.evidence.contains(.cgroup) {
            roster.update(member.process.identity) { member in
                if let failure { member.refusal = failure } else { member.lastSignal = .kill }
            }
            if failure == nil { swept.insert(member.process.identity) }
        }
        guard failure != nil else { return [] }
        cgroupKillFailed = true
        return lookBetweenKills()
    }

    /// A look for whoever is still there.
    mutating func lookBetweenKills() -> [EndingAction] {
        guard plan.freezesToLook, plan.hasCgroup, !killsAtOnce || cgroupKillFailed, !isFrozen else { return [.observe] }
        isFrozen = true
        return [.freeze, .observe]
    }

    /// Lets those go on whom a rule spares, or that were told.
    mutating func thawed() -> [EndingAction] {
        defer { isFrozen = false }
        return isFrozen ? [.thaw] : []
    }

    /// Kills whoever is there, in one write where that reaches them, until nobody is left or only those who cannot be
    /// ended.
    mutating func kill(_ targets: [ObservedProcess], until: Instant, at now: Instant) -> [EndingAction] {
        // Only where a process is now counts: whoever has left the cgroup since was not reached by the write.
        let sweeps = killsAtOnce && !cgroupKillFailed
        let unswept = targets.filter { sweeps && $0.evidence.contains(.cgroup) && !swept.contains($0.identity) }
        // The one write does not reach a process whose main thread has exited while others live (seen on Linux 6.18:
        // it signals the dead thread); a signal to the process does.
        let single = targets.filter {
            !sweeps || !$0.evidence.contains(.cgroup) || swept.contains($0.identity)
        }
        let alive = single.filter { !killed.contains($0.identity) }
        if now >= until {
            // Nobody counts as a survivor, or is left stopped, whom KILL was not tried on.
            lastCalls += 1
            if lastCalls > Self.mostLastCalls || unswept.isEmpty && alive.isEmpty { return giveUp(at: now) }
        }
        if !unswept.isEmpty, alive.isEmpty || lastCalls < Self.mostLastCalls {
            // Somebody new inside the cgroup after the write: it was forked out of the kernel's sight.
            swept.formUnion(unswept.map(\.identity))
            return wait(until: until, at: now) + [.killCgroup]
        }
        if alive.isEmpty {
            let refused = targets.allSatisfy { roster[$0.identity]?.refusal != nil }
            return refused ? giveUp(at: now) : wait(until: until, at: now)
        }
        return pass(over: alive, isLate: now >= until)
    }

    /// Kills those who are too fast to be seen by the one call that they cannot outrun: all of the cgroup, else the
    /// leader's group. Either may hold somebody whom a rule spares.
    mutating func killUnseen(until: Instant, at now: Instant) -> [EndingAction] {
        if now >= until { return giveUp(at: now) }
        let again = thawed() + [EndingAction.setTimer(min(until, now + Self.unseenLook))]
        if killsAtOnce, !cgroupKillFailed {
            hasKilledUnseen = true
            return again + [.killCgroup]
        }
        return (plan.sparesNobody ? [.killLeaderGroup] : []) + again
    }

    /// One pass: kill everybody, or first stop those who have come since the pass before.
    private mutating func pass(over alive: [ObservedProcess], isLate: Bool) -> [EndingAction] {
        rounds += 1
        let fresh = alive.filter { !toldHere.contains($0.identity) }
        if !fresh.isEmpty, !isLate, Self.stopPasses.contains(rounds) {
            toldHere.formUnion(fresh.map(\.identity))
            return [.signal([.stop], fresh.map(\.identity))]
        }
        killed.formUnion(alive.map(\.identity))
        // A group may hold somebody whom a rule spares.
        let group: [EndingAction] = rounds >= Self.racingPass && plan.sparesNobody ? [.killLeaderGroup] : []
        return group + [.signal([.kill], alive.map(\.identity))]
    }

    private mutating func wait(until: Instant, at now: Instant) -> [EndingAction] {
        thawed() + [.setTimer(min(until, now + Self.dyingLook))]
    }

    /// Whoever is still there is a survivor, and the leader has what is left of its time, and then the ladder.
    private mutating func giveUp(at now: Instant) -> [EndingAction] {
        // Who is still there decides about the verdict, and until when somebody is kept.
        if mayHaveMissed { return [.observe] }
        for member in roster.members where !member.isGone && member.outcome == .pending {
            if isLeaderLeaving, leaderLeaves != nil, member.process.identity == leader { continue }
            let dying = member.process.state == UInt8(ascii: "D")
            let why = member.refusal ?? (dying ? "uninterruptible, state D" : "still there after KILL")
            roster.update(member.process.identity) { $0.outcome = .survived(why: why) }
        }
        guard isLeaderLeaving, let until = leaderLeaves else { return finish(at: now, as: .survivors) }
        return thawed() + awaitLeader(until: until, at: now)
    }
}
