// SPDX-License-Identifier: Apache-2.0

/// What an ending is to do, decided before it begins.
public struct EndingPlan: Sendable {
    /// Whether members are signalled at all.
    public enum Mode: String, Hashable, Sendable {
        /// Left-overs get the ladder.
        case end
        /// Everything is decided and written, nothing is signalled.
        case report
    }

    /// End or report.
    public var mode: Mode
    /// The steps.
    public var ladder: Ladder
    /// How long after KILL a process may take to disappear before it counts as a survivor.
    public var unkillable: Duration
    /// The rules, first match wins.
    public var rules: [Rule]
    /// What happens to members in units of their own, whatever the rules say; nil: the same as to others.
    public var ownUnits: Ruling?
    /// Whom an earlier ending of the same session has spared, by which rule.
    public var sparedBefore: [ProcessIdentity: String] = [:]
    /// How long the leader alone has on a requested ending before the others are told; nil tells all at once.
    public var leaderFirst: Duration?
    /// Whether one write can kill the whole session (`cgroup.kill`, kernel 5.14).
    public var hasCgroup: Bool
    /// How long the leader, which is leaving by itself, is left alone; nil: it is a member like others.
    public var leaderLeaves: Duration?
    /// Whether the leader stays in the session's cgroup while it leaves, so that the one write would kill it, too.
    public var leaderStaysInside = false
    /// Whether the cgroup is frozen for looks between KILLs, where one write cannot kill it since a rule may spare somebody.
    public var freezesToLook = false
    /// Whether members are listed before the one write: nobody reaps them here, so that a record would know of none.
    public var looksBeforeKill = false
    /// The hooks around the ladder.
    public var hooks: HookPlan

    /// A plan; what is left out is what a payload gets.
    public init(
        mode: Mode = .end, ladder: Ladder = .payload, unkillable: Duration = .seconds(15), rules: [Rule] = [],
        leaderFirst: Duration? = nil, hasCgroup: Bool = false,
        hooks: HookPlan = HookPlan()
    ) {
        self.mode = mode
        self.ladder = ladder
        self.unkillable = unkillable
        self.rules = rules
        self.leaderFirst = leaderFirst
        self.hasCgroup = hasCgroup
        self.hooks = hooks
    }

    /// Whether there is no rule by which somebody may live on.
    public var sparesNobody: Bool { sparesNobodyInside && ownUnits?.action ?? .end == .end }

    /// Whether there is none by which somebody in the session's cgroup may: units of their own lie elsewhere.
    public var sparesNobodyInside: Bool { rules.allSatisfy { $0.action == .end } }

    /// The plan of a second supervisor, which does not know which hooks the first one has run: none may run twice.
    public var takenOver: EndingPlan {
        var plan = self
        plan.hooks.before = 0
        plan.hooks.after = 0
        return plan
    }

    /// The longest an ending can take: hooks, graces, and what KILL may take.
    public var bound: Duration { hooks.bound + leaderBound + ladder.graces + unkillable }

    /// The part of it that is the leader's alone: one that has not left in time gets the ladder after the others.
    public var leaderBound: Duration { leaderLeaves.map { $0 + ladder.graces + unkillable } ?? leaderFirst ?? .zero }
}
