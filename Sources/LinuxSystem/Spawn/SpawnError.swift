// SPDX-License-Identifier: Apache-2.0

/// Why nothing was started. Nothing is left behind.
public struct SpawnError: Error, Sendable, Hashable, CustomStringConvertible {
    /// How far it came.
    public enum Stage: CaseIterable, Sendable {
        /// No process could be made: EAGAIN, ENOMEM, EMFILE.
        case clone
        /// It could not be made in its cgroup.
        case cgroup
        case parentDeathSignal
        /// Neither its process group nor its kernel session.
        case group
        case terminal
        case audit
        case signals
        case descriptors
        case limit
        /// The caller may not give it this identity, or it could not be verified.
        case credentials
        /// The directory cannot be entered by whom it has become.
        case directory
        /// The command is not there, or cannot be executed.
        case execute
        /// It did not come to execute its program in time (ETIMEDOUT), and was killed: somebody of its new identity
        /// had stopped it, or a file system did not answer.
        case silent
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
