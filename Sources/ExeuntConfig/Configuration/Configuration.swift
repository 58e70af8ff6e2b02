// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What the administrator wants: the values of exeunt.conf(5). A new one holds the defaults.
public struct Configuration: Hashable, Sendable {
    /// `[Payload]`
    public var payload = PayloadSettings()
    /// `[Hooks]`
    public var hooks = HookSettings()
    /// `[Session]`
    public var session = SessionSettings()
    /// `[Class NAME]`
    public var classes: [SessionClass: ClassPolicy] = [:]
    /// `[Rule NAME]`, in the order in which they are tried.
    public var rules: [SessionRule] = []
    /// `[Keep]`
    public var keep = KeepPolicy()
    /// `[Run]`
    public var run = RunPolicy()
    /// `[Daemon]`
    public var daemon = DaemonSettings()

    /// The defaults.
    public init() {}

    /// What `[Session]`, `[Class NAME]` and `[Rule NAME]` say together.
    public var sessionPolicy: SessionPolicy {
        var policy = SessionPolicy()
        policy.killUserProcesses = session.policy
        policy.onlyUsers = session.onlyUsers
        policy.excludedUsers = session.excludedUsers
        policy.fromLogind = session.fromLogind
        policy.ladder = session.ladder
        policy.unkillable = session.unkillable
        policy.trackers = session.trackers
        policy.ownUnits = session.ownUnits
        policy.classes = classes
        policy.rules = rules
        return policy
    }
}
