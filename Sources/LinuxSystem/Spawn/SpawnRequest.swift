// SPDX-License-Identifier: Apache-2.0

/// What to run and how; what is not said stays as the caller has it. Byte strings end at their first NUL.
public struct SpawnRequest: Sendable {
    /// `argv`, the program's name first.
    public var arguments: [[UInt8]]
    /// `NAME=VALUE` each.
    public var environment: [[UInt8]]
    /// Paths tried in turn as execvp does, by the child itself. nil: `CommandSearch` finds them, by the caller's PATH.
    public var candidates: [[UInt8]]?
    /// An open file that is executed, whatever has its name by now. A program does not keep it; a script's interpreter
    /// reads from it as `/dev/fd/N`. `candidates` does not count then.
    public var programDescriptor: CInt?
    /// Whom it becomes before it runs. Only root may change anything here.
    public var credentials: Credentials?
    /// The directory it begins in, entered as whom it has become.
    public var directory: [UInt8]?
    /// Its file mode creation mask.
    public var umask: UInt32?
    /// Its resource limits, set before the right to raise them goes.
    public var limits: [Resource: ResourceLimit] = [:]
    /// It and whatever it starts gain nothing from set-uid programs and file capabilities, for good.
    public var noNewPrivileges = false
    /// Lead a kernel session of its own, without a controlling terminal, and so a process group too.
    public var newSession = false
    /// What it has as 0, 1 and 2.
    public var standardDescriptors = StandardStreams()
    /// The only descriptors it has beside 0, 1 and 2, under the same numbers. nil: all that are not close-on-exec.
    public var passedDescriptors: [CInt]?
    /// The directory of a cgroup to be born in.
    public var cgroup: CInt?
    /// Lead a process group of its own.
    public var leadsGroup = false
    /// A terminal whose foreground group the new process's group becomes, before it runs.
    public var foregroundTerminal: CInt?
    /// What it gets when the caller dies. A set-uid program is freed of it.
    public var parentDeathSignal: Signal?
    /// Signals it starts with blocked.
    public var signalMask = SignalSet.none
    /// Signals it ignores; all others have their default action.
    public var ignoredSignals = SignalSet.none
    /// Begin a kernel audit session with this log-in uid, before anything of the program runs.
    public var loginUID: UInt32?

    /// What everything else begins from: the caller's environment, no cgroup, no signal blocked or ignored.
    public init(arguments: [[UInt8]], environment: [[UInt8]] = CurrentProcess.environment) {
        self.arguments = arguments
        self.environment = environment
    }
}

/// A child that runs what was asked for.
@frozen public struct SpawnedProcess: ~Copyable, Sendable {
    /// Whoever takes it out owns it.
    public var handle: ProcessHandle
    /// The child's number, good until it is reaped.
    public var pid: Int32 { handle.pid }
}
