// SPDX-License-Identifier: Apache-2.0

/// What became of one hook.
public struct HookOutcome: Hashable, Sendable {
    /// When it ran.
    public var phase: HookPhase
    /// The file, as the configuration or the command line names it.
    public var path: [UInt8]
    /// Which file that was; nil if it could not be opened.
    public var file: ExecutableIdentity?
    /// How it ended.
    public var end: End
    /// How long it ran, with the ending of what it had started.
    public var took: Duration
    /// Whether it was ended because its time was over.
    public var isTimedOut: Bool
    /// What it left behind, which was ended.
    public var leftOvers: [LeftOver]
    /// What it wrote, where that was asked for.
    public var output: Output?

    /// How a hook ends.
    public enum End: Hashable, Sendable {
        /// With this exit code.
        case exited(Int32)
        /// By this signal, by number.
        case signalled(Int32)
        /// It was not run: why.
        case notRun(String)
        /// It was begun, and nobody knows how it ended: why.
        case unknown(String)
    }

    /// A process that a hook has left behind.
    public struct LeftOver: Hashable, Sendable {
        /// Its number.
        public var pid: Int32
        /// What it called itself.
        public var name: [UInt8]
        /// Whether it could be ended.
        public var isGone: Bool

        /// A process of that number and name.
        public init(pid: Int32, name: [UInt8], isGone: Bool) {
            self.pid = pid
            self.name = name
            self.isGone = isGone
        }
    }

    /// Standard output and standard error of a hook, in the order in which they came.
    public struct Output: Hashable, Sendable {
        /// The first 64 KiB.
        public var bytes: [UInt8]
        /// How many bytes followed.
        public var omitted: Int

        /// The most that is kept.
        public static let most = 65536

        /// What was kept, and how many bytes were not.
        public init(bytes: [UInt8], omitted: Int) {
            self.bytes = bytes
            self.omitted = omitted
        }
    }

    /// A hook of which nothing is known but its file.
    public init(phase: HookPhase, path: [UInt8], end: End) {
        self.phase = phase
        self.path = path
        self.end = end
        took = .zero
        isTimedOut = false
        leftOvers = []
    }

    /// Whether it ran, said that all is well, and has left nobody who could not be ended.
    public var isSuccess: Bool { end == .exited(0) && !isTimedOut && leftOvers.allSatisfy(\.isGone) }

    /// Whether it may have been cut short by nobody knows what.
    public var isUnknown: Bool {
        if case .unknown = end { true } else { false }
    }
}
