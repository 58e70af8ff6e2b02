// SPDX-License-Identifier: Apache-2.0

/// What the registry wants done. Actions are carried out in order. A daemon that is killed between two of them finds in the
/// ledger what it needs to go on.
public enum RegistryAction: Hashable, Sendable {
    /// Write the session into the ledger: always before what the ledger promises is done.
    case store(String)
    /// Take it out of the ledger; it is over for good.
    case forget(String)
    /// Make its cgroup, and move its leader there.
    case admit(String)
    /// Tell when its leader exits.
    case watchLeader(String)
    /// Start the process that ends it; another one that still runs keeps it from doing anything.
    case startEnder(String, EnderOrder)
    /// Tell the process that ends it.
    case tellEnder(String, EnderNews)
    /// Tell when the process that ends it, which was started by another daemon, exits.
    case watchEnder(String)
    /// Bring the record that was left of its ending to where records belong, and to whoever waits for it.
    case note(String)
    /// Tell when nobody is left in its cgroup.
    case watchEmpty(String)
    /// Wake up then; replaces the earlier one. nil: not at all.
    case setTimer(Instant?)
}

/// How a session is to be ended.
public struct EnderOrder: Hashable, Sendable {
    /// Why it is over.
    public var reason: EndingReason
    /// How long the leader, which has closed it, is left alone.
    public var leaderLeaves: Duration?
    /// Whether whoever asked will not wait for the ladder.
    public var isForced = false
    /// Whether it was asked for by somebody who may, so that no list spares anybody.
    public var isAsked = false
    /// Whether another process had begun with it.
    public var isTakenOver = false
    /// Whether the session has been ended before, but for what was kept: hooks run around its first ending only.
    public var isRepeated = false
    /// For how long the session has been over: some of those that were kept have had their time.
    public var elapsed = Duration.zero

    /// How long a leader that has closed its session may take to exit before it counts as left over.
    public static let leaderPatience = Duration.seconds(5)

    /// An order for this reason alone: what the ledger can tell of it.
    public init(_ reason: EndingReason) {
        self.reason = reason
        leaderLeaves = reason == .closed ? Self.leaderPatience : nil
        isAsked = reason == .requested
    }
}

/// What the process that ends a session is told while it does.
public enum EnderNews: Hashable, Sendable {
    /// Somebody will not wait for the ladder.
    case hurry
    /// The leader has closed the session, and has this long to leave by itself.
    case leaderLeaves(Duration)
    /// Another reason for the end.
    case reason(EndingReason)
}
