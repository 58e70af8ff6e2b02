// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What `exeunt run` was asked to do.
public struct RunRequest: Sendable {
    /// The payload: program and arguments, as bytes. None: the shell of a log-in.
    public var command: [[UInt8]]
    /// Whom it runs as; nil: the caller.
    public var identity: PayloadIdentity?
    /// Who called, and is told less than root.
    public var caller = CurrentProcess.uid
    /// What it begins with.
    public var conditions = PayloadConditions()
    /// How to track it; nil takes the best this host offers.
    public var trackers: [Tracker]?
    /// End or report.
    public var mode: EndingPlan.Mode
    /// The ladder.
    public var ladder: Ladder
    /// The bound after KILL.
    public var unkillable: Duration
    /// How long the leader alone has on a requested ending.
    public var leaderFirst: Duration?
    /// After this time the session is over.
    public var timeLimit: Duration?
    /// Programs that are spared, by path.
    public var keepExecutables: [String]
    /// Hooks around the ladder.
    public var hooks: HookSetup?
    /// What its exit codes mean.
    public var exitCodes: ExitConvention
    /// Whether stdout is written to at the end and has to stay open.
    public var needsStandardOutput: Bool
    /// Whether whoever asked wants to hear how a long ending goes on.
    public var wantsProgress: Bool

    /// A request; see the fields.
    public init(
        command: [[UInt8]], trackers: [Tracker]? = nil, mode: EndingPlan.Mode = .end, ladder: Ladder = .payload,
        unkillable: Duration = .seconds(15), leaderFirst: Duration? = nil, timeLimit: Duration? = nil,
        keepExecutables: [String] = [], hooks: HookSetup? = nil, exitCodes: ExitConvention = .native,
        needsStandardOutput: Bool = false, wantsProgress: Bool = false
    ) {
        self.command = command
        self.trackers = trackers
        self.mode = mode
        self.ladder = ladder
        self.unkillable = unkillable
        self.leaderFirst = leaderFirst
        self.timeLimit = timeLimit
        self.keepExecutables = keepExecutables
        self.hooks = hooks
        self.exitCodes = exitCodes
        self.needsStandardOutput = needsStandardOutput
        self.wantsProgress = wantsProgress
    }
}
