// SPDX-License-Identifier: Apache-2.0

/// All sessions of log-ins, and all leases, that the daemon knows: which of them is over, and that each ends once.
///
/// A value without clock or I/O: events go in through `handle`, actions come out.
public struct Registry: Sendable {
    /// By id. A lease stands beside sessions: it ends as they do.
    public private(set) var sessions: [String: TrackedSession] = [:]
    /// By leader.
    private var leaders: [ProcessIdentity: String] = [:]
    /// By audit session, of active sessions.
    private var audits: [UInt32: String] = [:]
    /// Of those that have one: a look at all sessions would make each event cost more the more there are.
    private var deadlines: [String: Instant] = [:]
    /// The ids of leases.
    private var leases: Set<String> = []
    /// Leases that were given back, and end with their session.
    private var released: Set<String> = []
    private var timer: Instant?
    /// Of endings that run: whoever has to take one over gets the same.
    private var orders: [String: EnderOrder] = [:]

    /// Nothing is known.
    public init() {}

    /// The session of this id.
    public subscript(id: String) -> TrackedSession? { sessions[id] }

    /// The session that this process has opened and not closed.
    public func session(ledBy leader: ProcessIdentity) -> TrackedSession? { leaders[leader].flatMap { sessions[$0] } }

    /// The active session that has this audit session.
    public func session(auditedAs audit: UInt32) -> TrackedSession? { audits[audit].flatMap { sessions[$0] } }

    /// The leases that were taken in a session and outlive it.
    public func leases(of session: String) -> [TrackedSession] {
        leases.compactMap { sessions[$0] }.filter { lease in
            lease.state == .active && lease.lease?.session == session && lease.lease?.isReleased == false
        }
    }

    /// Takes one event in and says what is to be done.
    public mutating func handle(_ event: RegistryEvent, at now: Instant) -> [RegistryAction] {
        var actions: [RegistryAction] = []
        switch event {
        case .opened(let session): actions = open(session)
        case .closed(let id, let patience): actions = close(id, patience, at: now)
        case .leaderExited(let id): actions = end(id, EnderOrder(.leaderExited), at: now)
        case .transportGone(let id): actions = end(id, EnderOrder(.transportGone), at: now)
        case .requested(let id, let isForced): actions = request(id, isForced, at: now)
        case .released(let id): actions = release(id, at: now)
        case .enderExited(let id, let exit): actions = enderExited(id, exit, at: now)
        case .emptied(let id): actions = emptied(id)
        case .timer:
            timer = nil
            actions = expire(at: now)
        case .recovered(let session, let finding): actions = recover(session, finding, at: now)
        case .allRecovered: actions = endReleased(of: nil, at: now)
        }
        return actions + rearmed()
    }

    private mutating func open(_ session: TrackedSession) -> [RegistryAction] {
        guard sessions[session.id] == nil else { return [] }
        set(session)
        let isLease = session.lease != nil
        return [.store(session.id), .admit(session.id), isLease ? .watchEmpty(session.id) : .watchLeader(session.id)]
    }

    private mutating func set(_ session: TrackedSession) {
        sessions[session.id] = session
        deadlines[session.id] = session.deadline
        if session.lease != nil { leases.insert(session.id) }
        if let audit = session.auditSession {
            if session.state == .active {
                audits[audit] = session.id
            } else if audits[audit] == session.id {
                audits[audit] = nil
            }
        }
        if session.state == .active, session.lease?.isReleased == true {
            released.insert(session.id)
        } else {
            released.remove(session.id)
        }
        guard let leader = session.leader, session.lease == nil else { return }
        if session.state == .active {
            leaders[leader] = session.id
        } else if leaders[leader] == session.id {
            // A process may open its next session while its last one ends.
            leaders[leader] = nil
        }
    }

    private mutating func drop(_ id: String) {
        sessions[id] = nil
        deadlines[id] = nil
        orders[id] = nil
        released.remove(id)
        leases.remove(id)
    }

    private mutating func close(_ id: String, _ patience: Duration, at now: Instant) -> [RegistryAction] {
        if case .ending? = sessions[id]?.state {
            orders[id]?.leaderLeaves = patience
            orders[id]?.leaderLeft = now
            return [.tellEnder(id, .leaderLeaves(patience, since: now)), .tellEnder(id, .reason(.closed))]
        }
        var order = EnderOrder(.closed)
        order.leaderLeaves = patience
        order.leaderLeft = now
        return end(id, order, at: now)
    }

    private mutating func request(_ id: String, _ isForced: Bool, at now: Instant) -> [RegistryAction] {
        if case .ending? = sessions[id]?.state, isForced {
            orders[id]?.isForced = true
            return [.tellEnder(id, .hurry)]
        }
        var order = EnderOrder(.requested)
        order.isForced = isForced
        return end(id, order, at: now)
    }

    private mutating func release(_ id: String, at now: Instant) -> [RegistryAction] {
        guard var lease = sessions[id], lease.lease != nil else { return [] }
        lease.lease?.isReleased = true
        set(lease)
        if let session = lease.lease?.session, sessions[session]?.state == .active { return [.store(id)] }
        return request(id, false, at: now)
    }

    /// Begins the ending, unless it has begun: then this is one reason more.
    mutating func end(_ id: String, _ order: EnderOrder, at now: Instant) -> [RegistryAction] {
        guard var session = sessions[id] else { return [] }
        switch session.state {
        case .ending: return [.tellEnder(id, .reason(order.reason))]
        // What is kept has outlived all reasons but these.
        case .kept where order.reason != .requested && order.reason != .leaseExpired: return []
        case .active, .kept: break
        }
        session.over = session.over ?? now
        session.state = .ending(order.reason)
        set(session)
        return [.store(id), start(session, order, at: now)] + endReleased(of: id, at: now)
    }

    private mutating func start(_ session: TrackedSession, _ order: EnderOrder, at now: Instant) -> RegistryAction {
        var order = order
        if let over = session.over { order.elapsed = now - over }
        order.isRepeated = session.hasKept
        orders[session.id] = order
        return .startEnder(session.id, order)
    }

    /// Leases that were given back end with the session that they were taken in: those of this one, or of all that are over.
    private mutating func endReleased(of over: String?, at now: Instant) -> [RegistryAction] {
        let due = released.filter { lease in
            let session = sessions[lease]?.lease?.session
            return over == nil ? session.flatMap { sessions[$0] }?.state != .active : session == over
        }
        var actions: [RegistryAction] = []
        for lease in due.sorted() { actions += request(lease, false, at: now) }
        return actions
    }

    private mutating func enderExited(_ id: String, _ exit: EnderExit, at now: Instant) -> [RegistryAction] {
        guard var session = sessions[id], case .ending(let reason) = session.state else { return [] }
        switch exit {
        case .recorded(let verdict, let keptUntil, let kept):
            // Who could not be ended, or was only reported, is somebody's to look at, and stays listed until it is gone.
            if verdict == .clean || verdict == .left || verdict == .killed {
                drop(id)
                return [.note(id), .forget(id)]
            }
            session.state = .kept(until: keptUntil)
            session.kept = kept
            session.hasKept = true
            orders[id] = nil
            set(session)
            return [.note(id), .store(id), .watchEmpty(id)]
        case .killed(let hadBegun):
            var order = orders[id] ?? EnderOrder(reason)
            order.isTakenOver = order.isTakenOver || hadBegun
            return [start(session, order, at: now)]
        }
    }

    private mutating func emptied(_ id: String) -> [RegistryAction] {
        guard let session = sessions[id] else { return [] }
        switch session.state {
        case .kept: break
        case .active: if session.lease == nil { return [] }
        // Whoever ends it finds that out, and what it has found is still to be noted.
        case .ending: return []
        }
        drop(id)
        return [.forget(id)]
    }

    /// Ends what has had its time.
    private mutating func expire(at now: Instant) -> [RegistryAction] {
        var actions: [RegistryAction] = []
        for id in deadlines.filter({ $0.value <= now }).keys.sorted() {
            actions += end(id, EnderOrder(.leaseExpired), at: now)
        }
        return actions
    }

    private mutating func recover(_ session: TrackedSession, _ finding: RecoveryFinding, at now: Instant)
        -> [RegistryAction]
    {
        guard sessions[session.id] == nil else { return [] }
        set(session)
        switch (session.state, finding) {
        case (.active, _) where session.lease != nil: return [.watchEmpty(session.id)]
        case (.active, .leader(isAlive: true)): return [.admit(session.id), .watchLeader(session.id)]
        case (.active, _): return end(session.id, EnderOrder(.leaderExited), at: now)
        case (.kept, _): return [.watchEmpty(session.id)]
        case (_, .enderRuns): return [.watchEnder(session.id)]
        case (_, .enderExited(let exit)): return enderExited(session.id, exit, at: now)
        case (.ending(let reason), .leader): return [start(session, EnderOrder(reason), at: now)]
        }
    }

    /// The next moment at which something has had its time, where that is another one than before.
    private mutating func rearmed() -> [RegistryAction] {
        let next = deadlines.values.min()
        if next == timer { return [] }
        timer = next
        return [.setTimer(next)]
    }
}

extension TrackedSession {
    /// When it, or some of it, has had its time.
    fileprivate var deadline: Instant? {
        switch state {
        case .active: lease?.expires
        case .kept(let until): until
        case .ending: nil
        }
    }
}
