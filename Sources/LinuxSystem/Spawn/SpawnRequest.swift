// SPDX-License-Identifier: Apache-2.0

/// What to run and how; what is not said stays as the caller has it. Byte strings end at their first NUL.
public struct SpawnRequest: Sendable {
    /// `argv`, the program's name first.
    public var arguments: [[UInt8]]
    /// `NAME=VALUE` each.
    public var environment: [[UInt8]]
    /// Paths tried in turn as execvp does. nil: `CommandSearch` finds them, by the caller's own PATH.
    public var candidates: [[UInt8]]?
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
    /// Its limit of open descriptors.
    public var descriptorLimit: DescriptorLimit?
    /// Begin a kernel audit session with this log-in uid, before anything of the program runs.
    public var loginUID: UInt32?

    /// What everything else begins from: the caller's environment, no cgroup, no signal blocked or ignored.
    public init(arguments: [[UInt8]], environment: [[UInt8]] = CurrentProcess.environment) {
        self.arguments = arguments
        self.environment = environment
    }
}

/// Why nothing was started. Nothing is left behind.
public struct SpawnError: Error, Sendable, Hashable, CustomStringConvertible {
    /// How far it came.
    public enum Stage: CaseIterable, Sendable {
        /// No process could be made: EAGAIN, ENOMEM, EMFILE.
        case clone
        /// It could not be made in its cgroup.
        case cgroup
        case parentDeathSignal
        case group
        case terminal
        case audit
        case signals
        case descriptorLimit
        /// The command is not there, or cannot be executed.
        case execute
    }

    /// How far it came.
    public let stage: Stage
    /// What was refused there.
    public let error: SystemError

    /// From what was refused.
    public init(stage: Stage, error: SystemError) {
        self.stage = stage
        self.error = error
    }

    /// There is no such command, which shells tell by exit code 127. One that is there and cannot be executed (126)
    /// is not meant; a missing interpreter is the latter.
    public var isCommandMissing = false

    /// As the error renders itself.
    public var description: String { error.description }
}

/// A child that runs what was asked for.
@frozen public struct SpawnedProcess: ~Copyable, Sendable {
    /// Whoever takes it out owns it.
    public var handle: ProcessHandle
    /// The child's number, good until it is reaped.
    public var pid: Int32 { handle.pid }
}
