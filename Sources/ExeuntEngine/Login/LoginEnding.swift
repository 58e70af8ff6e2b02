// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// The session of a log-in that is over, and how it is to be ended.
public struct LoginEnding: Sendable {
    /// The session's id.
    public let session: String
    /// The uid of its owner.
    public let owner: UInt32
    /// What PAM told of it.
    public let facts: LoginFacts
    /// The process that opened it.
    public let leader: ProcessIdentity?
    /// Its cgroup, if it has one.
    public let cgroup: LoginCgroup?
    /// The kernel's audit session that root opened for it.
    public let auditSession: UInt32?
    /// Civil time of its opening, in nanoseconds since 1970.
    public let opened: Int64
    /// Why it is over.
    public var reason: EndingReason
    /// End or report.
    public var mode = EndingPlan.Mode.end
    /// The steps.
    public var ladder = Ladder.payload
    /// The bound after KILL.
    public var unkillable = Duration.seconds(15)
    /// How members are found.
    public var trackers: [Tracker] = [.cgroup, .audit]
    /// What is spared, or reported only.
    public var rules: [Rule] = []
    /// What happens to members in units of their own; nil: the same as to others.
    public var ownUnits: Ruling?
    /// Whom an earlier ending of the same session has spared, by which rule.
    public var sparedBefore: [ProcessIdentity: String] = [:]
    /// Whether somebody who has started something in it has a lease for that, which remains.
    public var hasLeases = false
    /// Hooks around the ladder.
    public var hooks: HookSetup?
    /// How long a leader that has closed the session is left alone; nil: it is a member like others.
    public var leaderLeaves: Duration?
    /// When it closed the session; nil: nobody remembers, and it counts from now.
    public var leaderLeft: Instant?
    /// Whether whoever asked will not wait for the ladder.
    public var isHurried = false
    /// Whether a process that had begun with this was killed: no hook is run, since that one may have.
    public var isTakenOver = false

    /// The ending of a session; see the fields.
    public init(
        session: String, owner: UInt32, facts: LoginFacts, leader: ProcessIdentity?, cgroup: LoginCgroup?,
        auditSession: UInt32?, opened: Int64, reason: EndingReason
    ) {
        self.session = session
        self.owner = owner
        self.facts = facts
        self.leader = leader
        self.cgroup = cgroup
        self.auditSession = auditSession
        self.opened = opened
        self.reason = reason
    }

    /// Ends it, in a process that does nothing else.
    ///
    /// - Parameter link: joins it with the process that forked it.
    /// - Returns: the exit code of that process.
    public func run(_ link: EnderLink, for audience: some Supervision.Audience) -> Int32 {
        do {
            return try Keeper.end(self, link, audience)
        } catch {
            audience.gaveUp(error)
            return ExitCode.failure
        }
    }

    /// - Parameter leaderStaysInside: whether the leader, or what it has started since, is in the session's cgroup.
    func plan(_ hooks: HookPlan, leaderStaysInside: Bool) -> EndingPlan {
        var plan = EndingPlan(
            mode: mode, ladder: ladder, unkillable: unkillable, rules: rules, hasCgroup: cgroup != nil,
            hooks: hooks)
        plan.leaderLeaves = leaderLeaves
        plan.leaderStaysInside = leaderStaysInside
        plan.ownUnits = ownUnits
        plan.sparedBefore = sparedBefore
        plan.looksBeforeKill = true
        plan.freezesToLook = true
        return plan
    }
}
