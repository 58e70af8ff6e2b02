// SPDX-License-Identifier: Apache-2.0

/// What can happen to an ending.
public enum EndingEvent: Sendable {
    /// The session is over.
    ///
    /// - Parameters:
    ///   - leader: the leader where it is still there and may be told first.
    ///   - told: a signal that whoever asked for the end has just had delivered, and to whom.
    case begin(leader: ProcessIdentity?, told: Told?)
    /// The answer to `observe`.
    case observed(Observation)
    /// The answer to `signal`: which signals, and how each delivery went.
    case signalled([SignalName], [Receipt])
    /// The answer to `killCgroup`: nil, or why it failed.
    case cgroupKilled(failure: String?)
    /// A process is gone. `killed` tells that SIGKILL ended it, so that one that no observation caught is still recorded.
    case exited(ObservedProcess, killed: Bool)
    /// The kernel says that nothing may be left (`populated 0`, no child): worth a look.
    case emptied
    /// The time set by `setTimer` has come.
    case timer
    /// Somebody will not wait: straight to KILL.
    case hurry
    /// The leader says that it is leaving by itself, and has until then.
    case leaderLeaves(until: Instant)

    /// A signal that was delivered before the ladder, and to whom.
    public struct Told: Hashable, Sendable {
        /// The signal.
        public let signal: SignalName
        /// The leader's process group.
        public let group: Int32
        /// Whether the leader alone got it, and not its group.
        public let leaderOnly: Bool

        /// `signal` went to `group`, or to its leader alone.
        public init(signal: SignalName, group: Int32, leaderOnly: Bool = false) {
            self.signal = signal
            self.group = group
            self.leaderOnly = leaderOnly
        }
    }

    /// How one delivery went.
    public struct Receipt: Sendable {
        /// To whom.
        public let identity: ProcessIdentity
        /// With what result.
        public let result: Result

        /// `identity` answered with `result`.
        public init(identity: ProcessIdentity, result: Result) {
            self.identity = identity
            self.result = result
        }

        /// What the kernel said.
        public enum Result: Hashable, Sendable {
            /// It has been told.
            case delivered
            /// It was already gone.
            case gone
            /// The host had nothing left to tell it with (memory, descriptors): why. It is tried again.
            case postponed(String)
            /// It may not or cannot be told: the kernel's words.
            case refused(String)
        }
    }
}
