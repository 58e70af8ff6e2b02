// SPDX-License-Identifier: Apache-2.0

/// `[Class NAME]`: what is different for the sessions of one class; what is nil is as for all sessions.
public struct ClassPolicy: Hashable, Sendable {
    /// Whether their left-overs are ended.
    public var killUserProcesses: KillPolicy?
    /// The ladder.
    public var ladder: Ladder?
    /// The bound after KILL.
    public var unkillable: Duration?
    /// How members are found; empty: as for all sessions.
    public var trackers: [Tracker] = []
    /// What happens to members in units of their own.
    public var ownUnits: Rule.Action?

    /// Nothing is different.
    public init() {}
}
