// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// `[Session]`: how log-in sessions are ended.
public struct SessionSettings: Settings, Hashable {
    /// Whether logind.conf(5) holds where nothing else is said.
    public var usesLogindConf = true
    /// Whether their left-overs are ended.
    public var policy = KillPolicy.yes
    /// If not empty: only those of these owners.
    public var onlyUsers: [UserMatch] = []
    /// Not those of these owners. To set it drops root, also where nothing takes its place.
    public var excludedUsers: [UserMatch] = [.name("root")]
    /// Which of these three come from logind.conf(5).
    public var fromLogind: Set<SessionPolicy.Key> = []
    /// How members are found.
    public var trackers: [Tracker] = [.cgroup, .audit]
    /// What happens to members in units of their own.
    public var ownUnits = Rule.Action.keep
    /// The ladder.
    public var ladder = Ladder.login
    /// The bound after KILL.
    public var unkillable = Duration.seconds(15)

    /// The defaults.
    public init() {}
}

extension ClassPolicy: Settings {}
extension SessionRule: Settings {}
extension KeepPolicy: Settings {}
extension RunPolicy: Settings {}
