// SPDX-License-Identifier: Apache-2.0

/// What happens to what a session leaves behind, and why.
public struct SessionDecision: Hashable, Sendable {
    /// What is done.
    public enum Mode: String, Hashable, Sendable {
        /// It is ended, apart from what rules say.
        case end
        /// It is written down, and nothing is signalled.
        case report
        /// It lives on.
        case spare
    }

    /// What is done.
    public var mode: Mode
    /// What has decided that, such as `KillExcludeUsers=root` or `KillUserProcesses=no (logind.conf)`.
    public var reason: String
    /// The steps.
    public var ladder: Ladder
    /// The bound after KILL.
    public var unkillable: Duration
    /// How members are found.
    public var trackers: [Tracker]
    /// What happens to members in units of their own, and which setting says so.
    public var ownUnits: Ruling
}
