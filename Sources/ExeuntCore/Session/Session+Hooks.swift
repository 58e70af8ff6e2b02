// SPDX-License-Identifier: Apache-2.0

extension Session {
    /// Report mode signals nothing, so that a hook, which may signal whom it likes, is not run either.
    var runsHooks: Bool { ending.plan.mode == .end }

    /// Begins the ladder.
    mutating func climb(_ start: Start, at now: Instant) -> [SessionAction] {
        state = .ending(leader: start.leader)
        guard let signal = start.request, let leader = start.leader else {
            return begin(start, told: nil, at: now)
        }
        // The group may hold somebody whom a rule spares, so that with rules the ladder tells the others one by one.
        let alone = ending.plan.leaderFirst != nil || !ending.plan.rules.isEmpty
        let told = EndingEvent.Told(signal: signal, group: leader.pid, leaderOnly: alone)
        return [.forward(signal, leaderOnly: alone)] + begin(start, told: told, at: now)
    }

    private mutating func begin(_ start: Start, told: EndingEvent.Told?, at now: Instant) -> [SessionAction] {
        let actions = relay(.begin(leader: start.leader, told: told), at: now)
        let hurried = start.isHurried ? relay(.hurry, at: now) : []
        // KILL does all by itself that the ladder would have begun with; a ladder of nothing else cannot be hurried.
        return hurried.isEmpty ? actions : hurried
    }

    /// The hook that was run last is over; the next one's turn, or the ladder's, or the end.
    mutating func hookEnded(at now: Instant) -> [SessionAction] {
        switch state {
        case .beforeHooks(let running, let start):
            if running + 1 >= ending.plan.hooks.before || start.isHurried { return climb(start, at: now) }
            state = .beforeHooks(running: running + 1, start)
            return [.runHook(.before, running + 1)]
        case .afterHooks(let running, let verdict):
            if running + 1 >= ending.plan.hooks.after { return [.ending(.finish(verdict))] }
            state = .afterHooks(running: running + 1, verdict)
            return [.runHook(.after, running + 1)]
        case .opened, .active, .ending: return []
        }
    }

    /// Passes an event to the ending. Its `finish` waits until the hooks after it have run.
    mutating func relay(_ event: EndingEvent, at now: Instant) -> [SessionAction] {
        let actions = ending.handle(event, at: now)
        guard case .finish(let verdict) = actions.last, runsHooks, ending.plan.hooks.after > 0 else {
            return actions.map(SessionAction.ending)
        }
        state = .afterHooks(running: 0, verdict)
        return actions.dropLast().map(SessionAction.ending) + [.runHook(.after, 0)]
    }
}
