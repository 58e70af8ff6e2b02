// SPDX-License-Identifier: Apache-2.0

extension Ending {
    /// How many looks in a row may find somebody new before the grace is waited out: whoever forks faster than it is
    /// told will not be talked to.
    static let patience = 16

    /// Takes an observation in, and goes on as the state asks.
    mutating func look(at observation: Observation, _ now: Instant) -> [EndingAction] {
        let targets = sort(observation, at: now)
        switch state {
        case .idle, .ended: return []
        case .reporting: return report(targets, certain: observation.isCertain, at: now)
        case .leaderFirst: return targets.isEmpty ? settle(at: now) : []
        case .rung(let index, let until): return ask(targets, rung: index, until: until, at: now)
        case .kill(let until): return kill(targets, until: until, at: now)
        }
    }

    /// Enters everybody into the roster, notes who has gone, and returns those that are to end.
    private mutating func sort(_ observation: Observation, at now: Instant) -> [ObservedProcess] {
        for process in observation.members { roster.enter(process) }
        roster.keepOnly(Set(observation.members.map(\.identity)), at: now)
        var targets: [ObservedProcess] = []
        targets.reserveCapacity(observation.members.count)
        for (process, action) in zip(observation.members, rules.decide(observation.members)) {
            switch action {
            case .end: targets.append(process)
            case .keep: roster.update(process.identity) { $0.outcome = .kept }
            case .report: roster.update(process.identity) { $0.outcome = .reported }
            }
        }
        if targets.isEmpty {
            cleanLooks += observation.isCertain ? 2 : 1
        } else {
            cleanLooks = 0
        }
        return targets
    }

    /// Nobody to end was seen: one listing proves nothing, so unless the kernel vouches a second look decides.
    mutating func settle(at now: Instant) -> [EndingAction] {
        guard cleanLooks >= 2 else { return [.observe] }
        emptied = now
        return finish(at: now)
    }

    private mutating func report(_ targets: [ObservedProcess], certain: Bool, at now: Instant) -> [EndingAction] {
        if targets.isEmpty { return settle(at: now) }
        for target in targets { roster.update(target.identity) { $0.outcome = .reported } }
        return finish(at: now)
    }

    /// Tells those that the present rung has not told yet; waits when nobody new shows.
    private mutating func ask(
        _ targets: [ObservedProcess], rung index: Int, until: Instant?, at now: Instant
    ) -> [EndingAction] {
        if targets.isEmpty { return settle(at: now) }
        let rung = plan.ladder.rungs[index]
        let deadline = until ?? now + rung.grace
        if now >= deadline && until != nil { return climb(to: index + 1, at: now) }
        state = .rung(index: index, until: deadline)
        let fresh = targets.filter { !toldHere.contains($0.identity) }
        guard !fresh.isEmpty, rounds < Self.patience else {
            return rung.grace == .zero ? climb(to: index + 1, at: now) : [.setTimer(deadline)]
        }
        rounds += 1
        let (signals, receivers) = address(fresh, signals: rung.signals)
        toldHere.formUnion(receivers)
        let thaw: [EndingAction] = plan.hasCgroup && signals.contains(.cont) ? [.thaw] : []
        return thaw + [.signal(signals, receivers)]
    }

    /// Who of `fresh` gets what in this round.
    ///
    /// A group that has just got the signal of whoever asked for the end is not told the same again (for many programs
    /// the second TERM means "drop everything"): it gets CONT alone, and the others follow in the next round.
    private mutating func address(
        _ fresh: [ObservedProcess], signals: [SignalName]
    ) -> ([SignalName], [ProcessIdentity]) {
        // Only those who were there when it was delivered have had it, so it counts for the first look alone.
        defer { told = nil }
        let informed = fresh.filter { $0.group == told?.group }
        guard let told, !informed.isEmpty else { return (signals, fresh.map(\.identity)) }
        for process in informed { roster.update(process.identity) { $0.lastSignal = told.signal } }
        return ([.cont], informed.map(\.identity))
    }
}
