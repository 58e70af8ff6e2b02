// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// `[Session]`: how log-in sessions are ended.
public struct SessionSettings: Settings, Hashable {
    /// Whether their left-overs are ended.
    public internal(set) var policy = KillPolicy.yes
    /// If not empty: only those of these owners.
    public internal(set) var onlyUsers: [UserMatch] = []
    /// Not those of these owners.
    public internal(set) var excludedUsers: [UserMatch] = [.account(.name("root"))]
    /// How members are found.
    public internal(set) var trackers: [SessionTracker] = [.tracker(.cgroup), .tracker(.audit)]
    /// The ladder.
    public internal(set) var ladder = Ladder(
        rungs: [Ladder.Rung(signals: [.cont, .hup, .term], grace: .seconds(10))])
    /// The bound after KILL.
    public internal(set) var unkillable = Duration.seconds(15)
}
