// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// What of all that root is to run or to read is trusted, as JSON, version 1: exeunt-check(1).
public struct TrustDocument: Encodable, Sendable {
    private let version = 1
    private let uid: UInt32
    private let trusted: Bool
    private let faults: [String]
    private let findings: [Entry]
    /// How long an ending may take, where that was asked for.
    public var bound: Bound?
    /// Likewise of a log-in's session.
    public var loginBound: Bound?

    /// One path.
    public struct Entry: Encodable, Sendable {
        /// As it can be shown.
        public var path: String
        /// `trusted`, `refused` or `skipped`.
        public var state: String
        /// `execute`, `read` or `list`, of what is trusted.
        public var use: String?
        /// The component that breaks the rule.
        public var component: String?
        /// The rule that is broken.
        public var rule: String?
        /// What was found, for people.
        public var found: String?
        /// What the kernel refused, such as `EACCES`.
        public var errno: String?
        /// How to mend it.
        public var remedy: DoctorDocument.Remedy?

        /// Of what is the same for all.
        public init(path: String, state: String) {
            self.path = path
            self.state = state
        }
    }

    /// The longest an ending can take, in seconds.
    public struct Bound: Encodable, Sendable {
        private let totalSeconds: Double
        private let hookSeconds: Double
        private let ladderSeconds: Double
        private let unkillableSeconds: Double
        private let leaderSeconds: Double

        /// The parts, and their sum.
        public init(total: Duration, hooks: Duration, ladder: Duration, unkillable: Duration, leader: Duration) {
            leaderSeconds = leader / .seconds(1)
            totalSeconds = total / .seconds(1)
            hookSeconds = hooks / .seconds(1)
            ladderSeconds = ladder / .seconds(1)
            unkillableSeconds = unkillable / .seconds(1)
        }
    }

    /// `uid` is whom it holds for; `faults` are what is wrong with a configuration besides.
    public init(uid: UInt32, trusted: Bool, faults: [String], findings: [Entry]) {
        self.uid = uid
        self.trusted = trusted
        self.faults = faults
        self.findings = findings
    }

    /// The document as one line of JSON without a line feed, its keys in a fixed order.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
