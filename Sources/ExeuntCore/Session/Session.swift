// SPDX-License-Identifier: Apache-2.0

/// A payload's session from its opening to its end, which comes exactly once whichever reason is first.
public struct Session: Sendable {
    /// Where a session stands.
    public enum State: Hashable, Sendable {
        /// Its leader has not been born; a request that came already waits for that.
        case opened(request: SignalName?)
        /// Its leader runs.
        case active(leader: ProcessIdentity)
        /// Its ending runs; the leader is nil once it has exited.
        case ending(leader: ProcessIdentity?)
    }

    /// Where it stands.
    public private(set) var state: State = .opened(request: nil)
    /// Why it is over; nil while it is not.
    public private(set) var reason: EndingReason?
    /// Reasons that came when it was already ending, or that report mode only notes, each once.
    public private(set) var laterReasons: [EndingReason] = []
    /// Its ending.
    public private(set) var ending: Ending
    /// A reason that came before the leader was born, and waits for that.
    private var early: EndingReason?

    /// A session that will end as `plan` says.
    public init(plan: EndingPlan) { ending = Ending(plan: plan) }

    /// Takes one event in and says what is to be done.
    public mutating func handle(_ event: SessionEvent, at now: Instant) -> [SessionAction] {
        switch event {
        case .started(let leader): return start(leader, at: now)
        case .leaderExited: return leaderExited(at: now)
        case .requested(let signal): return request(signal, at: now)
        case .passed(let signal): return leader == nil ? [] : [.forward(signal, leaderOnly: false)]
        case .timeLimit: return end(.timeLimit, at: now)
        case .supervisorExited: return end(.supervisorExited, at: now)
        case .ending(let event): return Self.relay(ending.handle(event, at: now))
        }
    }

    /// The leader, while it runs.
    public var leader: ProcessIdentity? {
        switch state {
        case .opened: nil
        case .active(let leader): leader
        case .ending(let leader): leader
        }
    }

    private mutating func start(_ leader: ProcessIdentity, at now: Instant) -> [SessionAction] {
        guard case .opened(let request) = state else { return [] }
        state = .active(leader: leader)
        if let request { return self.request(request, at: now) }
        if let early { return end(early, at: now) }
        return []
    }

    private mutating func leaderExited(at now: Instant) -> [SessionAction] {
        switch state {
        case .opened: return []
        case .active: return begin(.payloadExited, leader: nil, told: nil, at: now)
        case .ending:
            state = .ending(leader: nil)
            return []
        }
    }

    private mutating func request(_ signal: SignalName, at now: Instant) -> [SessionAction] {
        switch state {
        case .opened:
            if early == nil { state = .opened(request: signal) } else { note(.requested) }
            return []
        case .active(let leader):
            // The group may hold somebody whom a rule spares, so that with rules the ladder tells the others one by one.
            let plan = ending.plan
            let alone = plan.mode == .end && (plan.leaderFirst != nil || !plan.rules.isEmpty)
            let told = EndingEvent.Told(signal: signal, group: leader.pid, leaderOnly: alone)
            return [.forward(signal, leaderOnly: alone)] + end(.requested, told: told, at: now)
        case .ending:
            note(.requested)
            return Self.relay(ending.handle(.hurry, at: now))
        }
    }

    /// Begins the ending for a reason other than the leader's exit, unless it has begun or nothing may be signalled.
    private mutating func end(
        _ reason: EndingReason, told: EndingEvent.Told? = nil, at now: Instant
    ) -> [SessionAction] {
        switch state {
        case .opened(request: nil) where early == nil && ending.plan.mode == .end: early = reason
        case .active(let leader) where ending.plan.mode == .end || isOrphaned(leader, reason):
            return begin(reason, leader: leader.pid > 0 ? leader : nil, told: told, at: now)
        case .opened, .active, .ending: note(reason)
        }
        return []
    }

    /// Whether nobody will ever tell of the leader's exit, for which report mode otherwise waits.
    private func isOrphaned(_ leader: ProcessIdentity, _ reason: EndingReason) -> Bool {
        reason == .supervisorExited && leader.pid <= 0
    }

    private mutating func begin(
        _ reason: EndingReason, leader: ProcessIdentity?, told: EndingEvent.Told?, at now: Instant
    ) -> [SessionAction] {
        state = .ending(leader: leader)
        self.reason = reason
        return Self.relay(ending.handle(.begin(leader: leader, told: told), at: now))
    }

    private mutating func note(_ reason: EndingReason) {
        if reason != self.reason || reason == .requested, !laterReasons.contains(reason) { laterReasons.append(reason) }
    }

    // Static, since a method of the value's own would keep a copy of it, roster and all, while its ending changes.
    private static func relay(_ actions: [EndingAction]) -> [SessionAction] { actions.map(SessionAction.ending) }
}
