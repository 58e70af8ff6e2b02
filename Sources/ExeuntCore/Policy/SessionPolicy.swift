// SPDX-License-Identifier: Apache-2.0

/// What the administrator wants at the ends of log-in sessions: `[Session]`, `[Class NAME]` and `[Rule NAME]`, and what
/// logind.conf(5) says beneath them.
public struct SessionPolicy: Hashable, Sendable {
    /// The settings that Exeunt shares with logind.
    public enum Key: String, CaseIterable, Hashable, Sendable {
        /// Whether left-overs are ended.
        case killUserProcesses = "KillUserProcesses"
        /// Whose are ended.
        case killOnlyUsers = "KillOnlyUsers"
        /// Whose are not.
        case killExcludeUsers = "KillExcludeUsers"
    }

    /// Whether left-overs are ended.
    public var killUserProcesses = KillPolicy.yes
    /// If not empty: those of these owners, and no others.
    public var onlyUsers: [UserMatch] = []
    /// Not those of these owners. Where nobody has set it, it is root; to set it drops that.
    public var excludedUsers: [UserMatch] = [.name("root")]
    /// Which of these three come from logind's own configuration.
    public var fromLogind: Set<Key> = []
    /// The ladder.
    public var ladder = Ladder.login
    /// The bound after KILL.
    public var unkillable = Duration.seconds(15)
    /// How members are found.
    public var trackers: [Tracker] = [.cgroup, .audit]
    /// What happens to members in units of their own.
    public var ownUnits = Rule.Action.keep
    /// What is different for the sessions of a class.
    public var classes: [SessionClass: ClassPolicy] = [:]
    /// The rules in the order in which they are tried.
    public var rules: [SessionRule] = []

    /// The defaults.
    public init() {}

    /// How a session can be ended, by the settings of all, of a class or of a rule.
    public var ways: [(ladder: Ladder, unkillable: Duration)] {
        let others = classes.values.map { ($0.ladder, $0.unkillable) } + rules.map { ($0.ladder, $0.unkillable) }
        let ladders = [ladder] + others.compactMap(\.0)
        let bounds = [unkillable] + others.compactMap(\.1)
        return ladders.flatMap { ladder in bounds.map { (ladder, $0) } }
    }
}

extension Ladder {
    /// What is left of a log-in gets: HUP, since interactive shells ignore TERM, and time to save something.
    public static let login = Ladder(rungs: [Rung(signals: [.cont, .hup, .term], grace: .seconds(10))])
}
