// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol
import FoundationEssentials

/// What reports read of a record: `docs/record.schema.json`. Words stay as they are, so that those of a later version
/// can be shown.
public struct StoredRecord: Decodable, Sendable {
    /// The session that has ended.
    public let session: Session
    /// `end` or `report`.
    public let mode: String
    /// Why it was over.
    public let reason: String
    /// How that went.
    public let verdict: String
    /// When it happened.
    public let times: Times
    /// Everybody who was found.
    public let processes: [Process]
    /// How many more there were.
    public let omitted: Int?
    /// What became of the hooks.
    public let hooks: [Hook]?
    private let version: Int

    /// A session.
    public struct Session: Decodable, Sendable {
        /// Its id.
        public let id: String
        /// The uid of its owner.
        public let owner: UInt32
        /// The log-in name; payloads have none.
        public let user: String?
        /// The PAM service; payloads have none.
        public let service: String?
        /// What a payload runs.
        public let command: [String]?
        /// Its leader.
        public let leader: Leader?
    }

    /// A process by its number, for one boot.
    public struct Leader: Decodable, Hashable, Sendable {
        /// Its number.
        public let pid: Int32
        /// In clock ticks since the boot.
        public let startTime: UInt64
    }

    /// Moments as `CivilText` has them.
    public struct Times: Decodable, Sendable {
        /// When the ending began.
        public let ending: String
        /// When it was over.
        public let ended: String
        /// How long it took.
        public let endingSeconds: Double
    }

    /// One process.
    public struct Process: Decodable, Sendable {
        /// Its number.
        public let pid: Int32
        /// In clock ticks since the boot.
        public let startTime: UInt64
        /// The uid that it ran as.
        public let uid: UInt32?
        /// As it called itself.
        public let name: String
        /// What it ran.
        public let executable: String?
        /// Why it belonged to the session.
        public let evidence: [String]
        /// How it went.
        public let outcome: String
        /// The signal it went after.
        public let step: String?
        /// From the beginning of the ending to its end.
        public let seconds: Double?
        /// Why it could not be ended.
        public let why: String?
        /// The rule that has decided about it.
        public let rule: String?
    }

    /// One hook.
    public struct Hook: Decodable, Sendable {
        /// The file.
        public let path: String
        /// Of its exit.
        public let exitCode: Int32?
        /// What has ended it.
        public let signal: Int32?
        /// Why it was not run.
        public let notRun: String?
        /// Why nobody knows what became of it.
        public let unknown: String?
        /// Its time was over.
        public let timedOut: Bool
    }

    /// Why a line is no record.
    public enum Fault: Error, Hashable, Sendable {
        /// It is no JSON, or lacks something.
        case unreadable
        /// It is one of a later version.
        case version(Int)
    }

    /// From one line of JSON.
    public init(_ line: some Collection<UInt8>) throws(Fault) {
        let found: StoredRecord
        do {
            found = try JSONDecoder().decode(StoredRecord.self, from: Data(line))
        } catch {
            throw .unreadable
        }
        guard found.version == RecordDocument.version else { throw .version(found.version) }
        guard CivilText.time(found.times.ended) != nil else { throw .unreadable }
        self = found
    }
}

extension StoredRecord {
    /// When the ending was over.
    public var ended: EndingRecord.CivilTime { CivilText.time(times.ended) ?? 0 }

    /// Who was left: the leader is that only if it did not go when its session was over.
    public var leftOvers: [Process] {
        processes.filter { process in
            guard let leader = session.leader, process.pid == leader.pid, process.startTime == leader.startTime else {
                return true
            }
            return process.outcome != "exited" && process.outcome != "ended"
        }
    }
}

extension StoredRecord.Process {
    /// The program, or, where that could not be read, the name that it had given itself, in brackets.
    public var program: String { executable.map { ShownText.text($0) } ?? "[\(ShownText.text(name))]" }
}
