// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// `[Session]`: how log-in sessions are ended.
public struct SessionSettings: Settings, Hashable {
    /// Whether their left-overs are ended.
    public var policy = KillPolicy.yes
    /// If not empty: only those of these owners.
    public var onlyUsers: [UserMatch] = []
    /// Not those of these owners.
    public var excludedUsers: [UserMatch] = [.account(.name("root"))]
    /// How members are found.
    public var trackers: [SessionTracker] = [.tracker(.cgroup), .tracker(.audit)]
    /// The ladder.
    public var ladder = Ladder(
        rungs: [Ladder.Rung(signals: [.cont, .hup, .term], grace: .seconds(10))])
    /// The bound after KILL.
    public var unkillable = Duration.seconds(15)

    /// The defaults.
    public init() {}
}
