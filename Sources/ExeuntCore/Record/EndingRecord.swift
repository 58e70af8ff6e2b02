// SPDX-License-Identifier: Apache-2.0

/// Everything there is to say about one ending, as values; `docs/record.schema.json` describes it as JSON.
public struct EndingRecord: Sendable {
    /// A moment of civil time: nanoseconds since 1970-01-01 00:00 UTC.
    public typealias CivilTime = Int64

    /// The session.
    public var session: SessionFacts
    /// The machine's boot, `/proc/sys/kernel/random/boot_id`.
    public var bootID: String
    /// How members were looked for.
    public var trackers: [Tracker]
    /// End or report.
    public var mode: EndingPlan.Mode
    /// Why the session was over.
    public var reason: EndingReason
    /// Reasons that came later.
    public var laterReasons: [EndingReason]
    /// The ladder.
    public var ladder: Ladder
    /// The bound after KILL.
    public var unkillable: Duration
    /// How the payload's leader ended, where that is known.
    public var payload: PayloadEnd?
    /// The verdict.
    public var verdict: Verdict
    /// When the session was opened.
    public var opened: CivilTime
    /// When its ending began.
    public var ending: CivilTime
    /// When nothing was left; nil if that never came.
    public var empty: CivilTime?
    /// When the ending was over.
    public var ended: CivilTime
    /// How long the ending took, on the monotonic clock.
    public var took: Duration
    /// Everybody that was found.
    public var processes: [Member]
    /// The moment on the monotonic clock from which the times of `processes` count.
    public var began: Instant
    /// How many processes the record leaves out.
    public var omitted: Int
    /// What became of the hooks, in their order.
    public var hooks: [HookOutcome]
    /// The exit code of `exeunt run`.
    public var exitCode: Int32

    /// How the leader of a payload ended.
    public enum PayloadEnd: Hashable, Sendable {
        /// It exited with this code.
        case exited(Int32)
        /// This signal, by number, ended it.
        case signalled(Int32)
    }

    /// What a session is, apart from how it ends.
    public struct SessionFacts: Sendable {
        /// Its id.
        public var id: String
        /// The uid of its owner.
        public var owner: UInt32
        /// The uid of whoever had it run, where the payload was given an identity.
        public var caller: UInt32?
        /// Its leader, once born.
        public var leader: ProcessIdentity?
        /// What it runs.
        public var command: [[UInt8]]
        /// Whether it has a terminal.
        public var hasTerminal: Bool
        /// The directory of its cgroup, if it has one.
        public var cgroup: String?
        /// What PAM told of it, if it is a log-in's.
        public var login: LoginFacts?

        /// The facts of one session.
        public init(
            id: String, owner: UInt32, caller: UInt32? = nil, leader: ProcessIdentity? = nil, command: [[UInt8]],
            hasTerminal: Bool,
            cgroup: String? = nil, login: LoginFacts? = nil
        ) {
            self.login = login
            self.id = id
            self.owner = owner
            self.caller = caller
            self.leader = leader
            self.command = command
            self.hasTerminal = hasTerminal
            self.cgroup = cgroup
        }
    }

    /// A record; see the fields.
    public init(
        session: SessionFacts, bootID: String, trackers: [Tracker], mode: EndingPlan.Mode, reason: EndingReason,
        laterReasons: [EndingReason], ladder: Ladder, unkillable: Duration, payload: PayloadEnd?, verdict: Verdict,
        opened: CivilTime, ending: CivilTime, empty: CivilTime?, ended: CivilTime, took: Duration,
        processes: [Member], began: Instant, omitted: Int, hooks: [HookOutcome] = [], exitCode: Int32
    ) {
        self.session = session
        self.bootID = bootID
        self.trackers = trackers
        self.mode = mode
        self.reason = reason
        self.laterReasons = laterReasons
        self.ladder = ladder
        self.unkillable = unkillable
        self.payload = payload
        self.verdict = verdict
        self.opened = opened
        self.ending = ending
        self.empty = empty
        self.ended = ended
        self.took = took
        self.processes = processes
        self.began = began
        self.omitted = omitted
        self.hooks = hooks
        self.exitCode = exitCode
    }
}
