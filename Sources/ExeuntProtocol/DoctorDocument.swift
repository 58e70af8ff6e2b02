// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// What this host can do, as JSON, version 1: exeunt-doctor(1).
public struct DoctorDocument: Encodable, Sendable {
    private let version = 1
    private let uid: UInt32
    /// As `--track` takes them.
    private let trackers: [String]
    private let isStrong: Bool
    private let findings: [Entry]

    /// One finding.
    public struct Entry: Encodable, Sendable {
        private let id: String
        private let area: String
        private let name: String
        private let state: String
        private let confidence: String?
        private let found: String
        private let meaning: String
        private let remedies: [Remedy]

        /// A finding of these values; `isStrong` is for trackers alone.
        public init(
            id: String, area: String, name: String, state: String, isStrong: Bool?, found: String, meaning: String,
            remedies: [Remedy]
        ) {
            self.id = id
            self.area = area
            self.name = name
            self.state = state
            confidence = isStrong.map { $0 ? "strong" : "weak" }
            self.found = found
            self.meaning = meaning
            self.remedies = remedies
        }
    }

    /// How to get what is missing.
    public struct Remedy: Encodable, Sendable {
        /// When it applies, or what it does.
        public let what: String
        /// What to type or to set; nil where `what` says it all.
        public let command: String?

        /// A remedy of these texts.
        public init(what: String, command: String?) {
            self.what = what
            self.command = command
        }
    }

    /// `trackers` is empty where nothing could be run.
    public init(uid: UInt32, trackers: [String], isStrong: Bool, findings: [Entry]) {
        self.uid = uid
        self.trackers = trackers
        self.isStrong = isStrong
        self.findings = findings
    }

    private enum CodingKeys: String, CodingKey {
        case version, uid, trackers, findings
        case isStrong = "strong"
    }

    /// The document as one line of JSON without a line feed, its keys in a fixed order.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
