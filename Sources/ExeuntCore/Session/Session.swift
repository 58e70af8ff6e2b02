// SPDX-License-Identifier: Apache-2.0

/// A payload's session from its opening to its end, which comes exactly once whichever reason is first.
public struct Session: Sendable {
    /// Where a session stands.
    public enum State: Hashable, Sendable {
        /// Its leader has not been born; a request that came already waits for that.
        case opened(request: SignalName?)
        /// Its leader runs.
        case active(leader: ProcessIdentity)
        /// It is over, and this hook runs before anything of it is told to go.
        case beforeHooks(running: Int, Start)
        /// Its ending runs; the leader is nil once it has exited.
        case ending(leader: ProcessIdentity?)
        /// The ladder is done, and this hook runs.
        case afterHooks(running: Int, Verdict)
    }

    /// How the ladder is to begin once the hooks before it have run.
    public struct Start: Hashable, Sendable {
        /// The leader, while it runs.
        public var leader: ProcessIdentity?
        /// With which signal the end was asked for, which its payload is to get.
        public var request: SignalName?
        /// Whether whoever asked will not wait.
        public var isHurried = false

        /// At once, unless something is said.
        public init(leader: ProcessIdentity? = nil, request: SignalName? = nil, isHurried: Bool = false) {
            self.leader = leader
            self.request = request
            self.isHurried = isHurried
        }
    }

    /// Where it stands.
    public internal(set) var state: State = .opened(request: nil)
    /// Why it is over; nil while it is not.
    public private(set) var reason: EndingReason?
    /// Reasons that came when it was already ending, or that report mode only notes, each once.
    public private(set) var laterReasons: [EndingReason] = []
    /// Its ending.
    public internal(set) var ending: Ending
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
        case .over(let reason): return over(reason, at: now)
        case .timeLimit: return end(.timeLimit, at: now)
        case .supervisorExited: return end(.supervisorExited, at: now)
        case .hookEnded: return hookEnded(at: now)
        case .ending(let event): return relay(event, at: now)
        }
    }

    /// The leader, while it runs.
    public var leader: ProcessIdentity? {
        switch state {
        case .opened: nil
        case .active(let leader): leader
        case .beforeHooks(_, let start): start.leader
        case .ending(let leader): leader
        case .afterHooks: nil
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
        case .active: return begin(.payloadExited, Start(), at: now)
        case .beforeHooks(let running, var start):
            start.leader = nil
            state = .beforeHooks(running: running, start)
            return []
        case .ending:
            state = .ending(leader: nil)
            return []
        case .afterHooks: return []
        }
    }

    private mutating func request(_ signal: SignalName, at now: Instant) -> [SessionAction] {
        switch state {
        case .opened:
            if early == nil { state = .opened(request: signal) } else { note(.requested) }
            return []
        case .active:
            if ending.plan.mode == .end { return end(.requested, request: signal, at: now) }
            note(.requested)
            return [.forward(signal, leaderOnly: false)]
        case .beforeHooks(let running, var start):
            note(.requested)
            start.isHurried = true
            state = .beforeHooks(running: running, start)
            return [.stopHook]
        case .ending:
            note(.requested)
            return relay(.hurry, at: now)
        case .afterHooks:
            note(.requested)
            return []
        }
    }

    /// Begins the ending whatever the mode is: nothing else will tell that the session is over.
    private mutating func over(_ reason: EndingReason, at now: Instant) -> [SessionAction] {
        guard case .active(let leader) = state else {
            note(reason)
            return []
        }
        return begin(reason, Start(leader: leader.pid > 0 ? leader : nil), at: now)
    }

    /// Begins the ending for a reason other than the leader's exit, unless it has begun or nothing may be signalled.
    private mutating func end(
        _ reason: EndingReason, request: SignalName? = nil, at now: Instant
    ) -> [SessionAction] {
        switch state {
        case .opened(request: nil) where early == nil && ending.plan.mode == .end: early = reason
        case .active(let leader) where ending.plan.mode == .end || isOrphaned(leader, reason):
            return begin(reason, Start(leader: leader.pid > 0 ? leader : nil, request: request), at: now)
        case .opened, .active, .beforeHooks, .ending, .afterHooks: note(reason)
        }
        return []
    }

    /// Whether nobody will ever tell of the leader's exit, for which report mode otherwise waits.
    private func isOrphaned(_ leader: ProcessIdentity, _ reason: EndingReason) -> Bool {
        reason == .supervisorExited && leader.pid <= 0
    }

    private mutating func begin(_ reason: EndingReason, _ start: Start, at now: Instant) -> [SessionAction] {
        self.reason = reason
        if runsHooks, ending.plan.hooks.before > 0 {
            state = .beforeHooks(running: 0, start)
            return [.runHook(.before, 0)]
        }
        return climb(start, at: now)
    }

    private mutating func note(_ reason: EndingReason) {
        if reason != self.reason || reason == .requested, !laterReasons.contains(reason) { laterReasons.append(reason) }
    }
}
