// SPDX-License-Identifier: Apache-2.0

/// How a session is to be ended.
public struct EnderOrder: Hashable, Sendable {
    /// Why it is over.
    public var reason: EndingReason
    /// How long the leader, which has closed it, is left alone.
    public var leaderLeaves: Duration?
    /// When it did: what it starts from then on is its own business. Nil where nobody remembers.
    public var leaderLeft: Instant?
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
        // No list has spared what a rule has kept for its time.
        isAsked = reason == .requested || reason == .leaseExpired
    }
}
