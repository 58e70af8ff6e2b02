// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The files that outlive a daemon.
struct HostFiles {
    /// `/run/exeunt/endings/ID`.
    struct EndingFile {
        /// What has been written to it, which is all or nothing.
        var record: Record?
        /// The process that has its lock.
        var holder: Int?
    }

    /// How one ending went.
    struct Record {
        /// The process that has left it.
        let ender: Int
        let session: String
        let reason: EndingReason
        let verdict: Verdict
        let keptUntil: Instant?
        let isRepeated: Bool
    }

    /// `/run/exeunt/pending/ID`.
    struct Note {
        let login: Int
        let leader: ProcessIdentity
        let audit: UInt32
        /// The cgroup of the leader.
        let place: String
    }

    var ledger: [String: TrackedSession] = [:]
    var endings: [String: EndingFile] = [:]
    var notes: [String: Note] = [:]
    /// `/run/exeunt/pending/ID.closed`.
    var closings: Set<String> = []
    var records: [Record] = []
}
