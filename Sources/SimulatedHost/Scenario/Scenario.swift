// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// One trial: a host, what runs on it, what goes wrong, and how the session is to end. It follows from its seed alone;
/// the shrinker then leaves parts of it out.
public struct Scenario: Sendable {
    /// The seed that it was made from.
    public let seed: UInt64
    var plan = EndingPlan()
    var trackers: [Tracker] = []
    /// Whether Exeunt runs as root.
    var isPrivileged = false
    /// Whether the keeper is pid 1 of a container; there is no front then.
    var isInit = false
    /// How many pids there are; a small number makes the kernel use them again soon.
    var pidSpace = 400
    /// The leader follows the first one.
    var scripts: [ProcessScript] = []
    /// Processes that are there before the session.
    var bystanders: [Bystander] = []
    /// What reaches the supervisor from outside.
    var incidents: [Incident] = []
    var faults = Faults()

    init(bare seed: UInt64) { self.seed = seed }

    /// The uid of whoever called Exeunt.
    var owner: UInt32 { isPrivileged ? 0 : Scenario.user }

    static let user: UInt32 = 1000
    static let otherUser: UInt32 = 2000

    /// A process that is not the session's.
    struct Bystander: Sendable {
        var script: Int
        var uid: UInt32
        var mark = Mark.none
        var place = CgroupPlace.outside
        /// Whether the audit session is the other session's.
        var isInOtherAudit = false
    }

    /// Something that happens to the supervisor, and when after the start.
    struct Incident: Sendable {
        enum Kind: Sendable {
            case request(SignalName)
            case pass(SignalName)
            case timeLimit
            case frontKilled
        }
        var at: Int64
        var kind: Kind
    }
}
