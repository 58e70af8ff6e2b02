// SPDX-License-Identifier: Apache-2.0

/// `[Rule NAME]`: what happens to certain left-overs of log-in sessions. A condition that is empty or nil holds always;
/// the others must all hold.
public struct SessionRule: Hashable, Sendable {
    /// What it is called in messages.
    public var name = ""
    /// Processes that run as one of these users.
    public var users: [UserMatch] = []
    /// Processes whose user is a member of one of these groups.
    public var groups: [String] = []
    /// Sessions of these classes.
    public var classes: [SessionClass] = []
    /// Sessions of these types.
    public var types: [SessionType] = []
    /// Sessions of PAM services like these.
    public var services: [ShellPattern] = []
    /// Sessions at terminals like these, without `/dev/`.
    public var terminals: [ShellPattern] = []
    /// Sessions that have come from hosts like these.
    public var remoteHosts: [ShellPattern] = []
    /// Sessions at displays like these.
    public var displays: [ShellPattern] = []
    /// Processes that run these programs, by path.
    public var executables: [String] = []
    /// Processes that have lived for this long.
    public var minimumAge: Duration?
    /// What happens to the process.
    public var action = Rule.Action.end
    /// How long after the session's end a kept process may stay; nil: for ever.
    public var lasting: Duration?
    /// The ladder of the whole session.
    public var ladder: Ladder?
    /// Its bound after KILL.
    public var unkillable: Duration?
    /// How its members are found; empty: nothing is said.
    public var trackers: [Tracker] = []
    /// What happens to its members in units of their own.
    public var ownUnits: Rule.Action?

    /// Fits every process of every session, and ends it.
    public init() {}

    /// Whether it is told from the session alone whether the rule fits, so that it can decide for all of it.
    public var isAboutSessions: Bool { executables.isEmpty && minimumAge == nil }

    /// Whether it says something about a session as a whole.
    public var changesSessions: Bool {
        ladder != nil || unkillable != nil || !trackers.isEmpty || ownUnits != nil
    }
}
