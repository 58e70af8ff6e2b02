// SPDX-License-Identifier: Apache-2.0

/// How many hooks an ending runs, and how long each may take.
public struct HookPlan: Hashable, Sendable {
    /// How many run before the ladder.
    public var before: Int
    /// How many run after it.
    public var after: Int
    /// The longest a hook may run.
    public var timeout: Duration
    /// How long after KILL what a hook has started may take to disappear.
    public var unkillable: Duration

    /// What a hook gets whose time is over, and what it has left when it has exited.
    public static let ladder = Ladder(rungs: [Ladder.Rung(signals: [.cont, .term], grace: .seconds(10))])

    /// How long it is tried again to start a hook on a host that is out of processes, memory or descriptors.
    public static let patience = Duration.seconds(5)

    /// No hooks, unless numbers are given.
    public init(
        before: Int = 0, after: Int = 0, timeout: Duration = .seconds(30), unkillable: Duration = .seconds(15)
    ) {
        self.before = before
        self.after = after
        self.timeout = timeout
        self.unkillable = unkillable
    }

    /// How many run in this phase.
    public subscript(phase: HookPhase) -> Int {
        switch phase {
        case .before: before
        case .after: after
        }
    }

    /// The longest that all of them can take.
    public var bound: Duration { (Self.patience + timeout + Self.ladder.graces + unkillable) * (before + after) }
}
