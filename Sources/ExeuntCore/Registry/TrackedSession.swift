// SPDX-License-Identifier: Apache-2.0

/// A log-in's session as the daemon knows it: all of it stands in the ledger, so that a daemon that was killed finds it
/// again.
public struct TrackedSession: Hashable, Sendable {
    /// Where a session stands.
    public enum State: Hashable, Sendable {
        /// Somebody is logged in.
        case active
        /// It is over for this reason, and a process ends it.
        case ending(EndingReason)
        /// It has been ended but for what may stay, until then on the monotonic clock; nil: for as long as it likes.
        case kept(until: Instant?)
    }

    /// Its id.
    public let id: String
    /// The uid of its owner.
    public let owner: UInt32
    /// What PAM told of it.
    public let facts: LoginFacts
    /// The process that opened it; nil for a lease.
    public let leader: ProcessIdentity?
    /// Its cgroup, if it has one.
    public let cgroup: LoginCgroup?
    /// The kernel's audit session that root opened for it.
    public let auditSession: UInt32?
    /// When it was opened, in nanoseconds of civil time since 1970.
    public let opened: Int64
    /// Where it stands.
    public var state: State
    /// When it was over, on the monotonic clock; nil while it is active. What may stay has its time from here.
    public var over: Instant?
    /// Whom its ending has spared, and by which rule.
    public var kept: [ProcessIdentity: String] = [:]
    /// What has let its processes outlive another session, if it is a lease.
    public var lease: Lease?
    /// Whether it has been ended once, but for what was kept.
    public var hasKept = false

    /// Whether a process ends it.
    public var isEnding: Bool {
        if case .ending = state { true } else { false }
    }

    /// A session that has just been opened.
    public init(
        id: String, owner: UInt32, facts: LoginFacts, leader: ProcessIdentity?, cgroup: LoginCgroup?,
        auditSession: UInt32?, opened: Int64, state: State = .active, over: Instant? = nil, lease: Lease? = nil
    ) {
        self.id = id
        self.owner = owner
        self.facts = facts
        self.leader = leader
        self.cgroup = cgroup
        self.auditSession = auditSession
        self.opened = opened
        self.state = state
        self.over = over
        self.lease = lease
    }
}
