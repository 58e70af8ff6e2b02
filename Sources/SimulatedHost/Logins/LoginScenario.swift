// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// One trial of the daemon: who logs in and what they leave behind, who takes leases, when the daemon and those who end
/// sessions for it are killed, and what else goes wrong.
public struct LoginScenario: Sendable {
    /// The seed that it was made from.
    public let seed: UInt64
    var logins: [Login] = []
    var leases: [LeaseTaking] = []
    var incidents: [Incident] = []
    /// After how many acts each daemon is killed, the first one first.
    var crashes: [Crash] = []
    var policy = Policy()
    var faults = LoginFaults()

    init(bare seed: UInt64) { self.seed = seed }

    /// A log-in; times in nanoseconds, counted from the start for the opening, and else from the opening.
    struct Login: Sendable {
        var opens: Int64
        /// When its holder closes it; nil: never.
        var closes: Int64?
        /// When the leader exits, from the closing if there is one; nil: it lives on.
        var exits: Int64?
        /// How long the closing waits for the session to be empty; nil: not at all.
        var waits: Int64?
        /// Whether somebody else has made its cgroup.
        var isAdopted = false
        /// Whether the module stands twice in the stack.
        var isTwice = false
        /// Whether the leader of this earlier log-in is this one's too.
        var ledBy: Int?
        var children: [Child] = []
    }

    /// Somebody whom a log-in starts.
    struct Child: Sendable {
        /// From the opening.
        var starts: Int64
        var stubborn = false
        /// Whether a rule keeps its program.
        var spared = false
        /// For how long after it was born no signal reaches it.
        var sleeps: Int64 = 0
        /// How long after it was asked it goes.
        var goes: Int64 = 100_000
        /// How long after its birth it exits by itself.
        var exits: Int64?
    }

    /// A child that asks for a lease.
    struct LeaseTaking: Sendable {
        var login: Int
        var child: Int
        var at: Int64
        var lasts: Int64
        /// When it is given back, from `at`.
        var released: Int64?
    }

    /// The daemon is killed.
    struct Crash: Sendable {
        /// After so many acts.
        var acts: Int
        /// How long there is none.
        var away: Int64
        /// Whether those that end sessions are killed with it.
        var killsEnders: Bool
    }

    /// Something that happens.
    struct Incident: Sendable {
        enum Kind: Sendable {
            /// Somebody who may asks for the end of this log-in's session.
            case request(Int, isForced: Bool)
            /// Whoever ends this log-in's session is killed.
            case enderKilled(Int)
            case daemonKilled(Crash)
            case transportGone(Int)
        }
        var at: Int64
        var kind: Kind
    }

    /// What the configuration says.
    struct Policy: Sendable {
        var mode = EndingPlan.Mode.end
        var ladder = Ladder.payload
        var unkillable = Duration.seconds(15)
        /// How long the rule keeps; nil: for ever.
        var keeps: Duration?
        /// Whether a list spares the owner, unless somebody asks for the end.
        var isExcluded = false
        var hooks = HookPlan()
    }
}
