// SPDX-License-Identifier: Apache-2.0

extension Ending {
    /// How many looks in a row may find somebody new before the grace is waited out: whoever forks faster than it is
    /// told will not be talked to.
    static let patience = 16
    /// How soon the host is looked at again after members have exited whom no look has shown.
    static let unseenLook: Duration = .milliseconds(10)

    /// Takes an observation in, and goes on as the state asks.
    mutating func look(at observation: Observation, _ now: Instant) -> [EndingAction] {
        if state == .idle { return [] }
        let targets = sort(observation, at: now)
        looks += 1
        // One listing can miss the very process that a rule spares, and then its children look like anybody's.
        if looks == 1, !rules.isEmpty, !observation.isCertain { return [.observe] }
        switch state {
        case .idle, .ended: return []
        case .reporting: return report(targets, at: now)
        case .vacant: return targets.isEmpty && !observation.hasUnseen ? settle(at: now) : climb(to: 0, at: now)
        case .leaderFirst: return tellLeader(among: targets, at: now)
        case .rung(let index, let until):
            if !targets.isEmpty { return ask(targets, rung: index, until: until, at: now) }
            return observation.hasUnseen ? awaitUnseen(rung: index, until: until, at: now) : settle(at: now)
        case .kill(let until):
            if targets.isEmpty { return observation.hasUnseen ? killUnseen(until: until, at: now) : settle(at: now) }
            return kill(targets, until: until, at: now)
        }
    }

    /// Enters everybody into the roster, notes who has gone, and returns those that are to end.
    private mutating func sort(_ observation: Observation, at now: Instant) -> [ObservedProcess] {
        for process in observation.members { roster.enter(process) }
        inform(observation.members)
        let alive = Set(observation.members.map(\.identity))
        let hasLostLeader =
            isLeaderLeaving && leader.map { !alive.contains($0) && roster[$0]?.isGone == false } ?? false
        losses = hasLostLeader || roster.hasLost(anySparedOutside: alive) ? losses + 1 : 0
        roster.keepOnly(alive, at: now)
        var targets: [ObservedProcess] = []
        targets.reserveCapacity(observation.members.count)
        isLeaderLeaving = false
        for (process, ruling) in zip(observation.members, rules.decide(observation.members)) {
            // Whatever a rule says: it is about to be gone.
            if leavesByItself(process) {
                isLeaderLeaving = true
                roster.update(process.identity) { $0.leavesByItself = true }
                continue
            }
            if let rule = ruling.rule { roster.update(process.identity) { $0.rule = rule } }
            switch ruling.action {
            // It is told like everybody where it is told, and otherwise nothing has to be decided about it.
            case _ where process.isLeaving && (ruling.action != .end || plan.mode == .report): continue
            // Everything has been tried on it.
            case .end where roster[process.identity]?.hasSurvived == true: continue
            case .end: targets.append(process)
            case .keep: roster.update(process.identity) { $0.outcome = .kept }
            case .report: roster.update(process.identity) { $0.outcome = .reported }
            }
        }
        if !targets.isEmpty || observation.hasUnseen || mayHaveMissed { cleanLooks = 0 }
        if targets.isEmpty && !observation.hasUnseen { cleanLooks += observation.isCertain ? 2 : 1 }
        return targets
    }

    /// That a leader has left, or somebody who is spared has exited, is believed after two looks as well; but those who are
    /// spared may go on for ever with what comes and goes.
    var mayHaveMissed: Bool { (1...Self.patience).contains(losses) }

    /// Also when its time is over: then it gets the ladder after the others have had it.
    private func leavesByItself(_ process: ObservedProcess) -> Bool {
        leaderLeaves != nil && process.identity == leader
    }

    /// Nobody to end was seen: one listing proves nothing, so unless the kernel vouches a second look decides.
    mutating func settle(at now: Instant) -> [EndingAction] {
        guard cleanLooks >= 2 else { return [.observe] }
        let thaw = thawed()
        let isFirst = emptied == nil
        emptied = emptied ?? now
        guard isLeaderLeaving, let until = leaderLeaves else { return thaw + finish(at: now) }
        if plan.mode == .report { return finish(at: now) }
        return thaw + (isFirst && now < until ? [.tellVacant] : []) + awaitLeader(until: until, at: now)
    }

    /// Nobody but the leader is to be waited for.
    mutating func awaitLeader(until: Instant, at now: Instant) -> [EndingAction] {
        guard now < until else {
            leaderLeaves = nil
            return climb(to: 0, at: now)
        }
        state = .vacant(until: until)
        return [.setTimer(until)]
    }

    /// One listing can be short, so that only two that agree are the report; whoever forks faster is reported as seen.
    private mutating func report(_ targets: [ObservedProcess], at now: Instant) -> [EndingAction] {
        if targets.isEmpty, rounds < Self.patience || cleanLooks > 0 {
            rounds += 1
            return settle(at: now)
        }
        let found = Set(targets.map(\.identity))
        rounds += 1
        if found != seen, rounds < Self.patience {
            seen = found
            return [.observe]
        }
        for target in targets { roster.update(target.identity) { $0.outcome = .reported } }
        return finish(at: now)
    }

    /// Nobody was seen, and yet members were there a moment ago. They were either the last ones, which the next look
    /// shows, or fork faster than they can be told, and then wait for KILL.
    private mutating func awaitUnseen(rung index: Int, until: Instant?, at now: Instant) -> [EndingAction] {
        let deadline = until ?? now + plan.ladder.rungs[index].grace
        if now >= deadline { return climb(to: index + 1, at: now) }
        state = .rung(index: index, until: deadline)
        return [.setTimer(min(deadline, now + Self.unseenLook))]
    }

    /// Tells the leader alone, once.
    private mutating func tellLeader(among targets: [ObservedProcess], at now: Instant) -> [EndingAction] {
        if targets.isEmpty { return settle(at: now) }
        guard let process = targets.first(where: { $0.identity == leader }) else {
            // It is gone, or a rule spares it, if it was not just missed: there is nobody to wait for.
            rounds += 1
            return rounds < 2 ? [.observe] : climb(to: 0, at: now)
        }
        rounds = 0
        guard !toldHere.contains(process.identity) else { return [] }
        let (signals, receivers) = address([process], signals: plan.ladder.rungs.first?.signals ?? [])
        toldHere.formUnion(receivers)
        return thaw(signals) + [.signal(signals, receivers)]
    }

    /// Tells those that the present rung has not told yet; waits when nobody new shows.
    private mutating func ask(
        _ targets: [ObservedProcess], rung index: Int, until: Instant?, at now: Instant
    ) -> [EndingAction] {
        let rung = plan.ladder.rungs[index]
        if let until, now >= until { return climb(to: index + 1, at: now) }
        let deadline = until ?? now + rung.grace
        let fresh = targets.filter { !toldHere.contains($0.identity) }
        guard !fresh.isEmpty, rounds < Self.patience else {
            state = .rung(index: index, until: deadline)
            return rung.grace == .zero ? climb(to: index + 1, at: now) : [.setTimer(deadline)]
        }
        rounds += 1
        let (signals, receivers) = address(fresh, signals: rung.signals)
        toldHere.formUnion(receivers)
        // The clock starts once everybody has been told; a grace may be over before the next round.
        if receivers.count == fresh.count { state = .rung(index: index, until: deadline) }
        return thaw(signals) + [.signal(signals, receivers)]
    }

    private func thaw(_ signals: [SignalName]) -> [EndingAction] {
        plan.hasCgroup && signals.contains(.cont) ? [.thaw] : []
    }

    /// Notes whom the signal of whoever asked for the end has reached. Only those who were there when it was delivered
    /// have had it, so the first look that shows anybody decides.
    private mutating func inform(_ members: [ObservedProcess]) {
        guard let told, informed == nil, !members.isEmpty else { return }
        let reached = members.filter { told.leaderOnly ? $0.identity == leader : $0.group == told.group }
        informed = Set(reached.map(\.identity))
        for process in reached { roster.update(process.identity) { $0.lastSignal = told.signal } }
    }

    /// Who of `fresh` gets what in this round.
    ///
    /// Whoever has just got the signal of whoever asked for the end is not told the same again (for many programs the
    /// second TERM means "drop everything"): it gets the rung's other signals, or CONT alone so that a stopped program
    /// can react. The others follow in the next round.
    private func address(_ fresh: [ObservedProcess], signals: [SignalName]) -> ([SignalName], [ProcessIdentity]) {
        let everybody = fresh.map(\.identity)
        let isFirst =
            switch state {
            case .leaderFirst, .rung(index: 0, _): true
            case .idle, .rung, .kill, .vacant, .reporting, .ended: false
            }
        guard isFirst, let told, let informed else { return (signals, everybody) }
        let receivers = everybody.filter(informed.contains)
        if receivers.isEmpty { return (signals, everybody) }
        let others = signals.filter { $0 != told.signal }
        return (others.isEmpty ? [.cont] : others, receivers)
    }
}
