// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// Takes what the ending of a session says, in the process that ends it: the record goes into its file, and lines into the
/// host's log, which then can delay nobody but this process.
final class EnderAudience: Supervision.Audience {
    private let file: LockedFile
    private let log: SessionLog
    private let session: TrackedSession
    /// Until when the first of those that are kept may stay, on the monotonic clock.
    private let keptUntil: (EndingRecord) -> Instant?

    init(
        _ file: LockedFile, _ log: SessionLog, _ session: TrackedSession,
        keptUntil: @escaping (EndingRecord) -> Instant?
    ) {
        self.file = file
        self.log = log
        self.session = session
        self.keptUntil = keptUntil
    }

    func opened(_ session: String) {}
    func progress(_ progress: EndingProgress) {}
    func document(_ record: EndingRecord) throws -> [UInt8] { try RecordDocument(record).encoded() }

    func over(_ record: EndingRecord) -> Bool {
        do {
            try write(record)
            log.over(record)
            return true
        } catch {
            failed(error)
            return false
        }
    }

    /// Where there is no room for all of it, who was found last is left out, and the record says how many.
    private func write(_ record: EndingRecord) throws {
        let summary = EndingSummary(record, keptUntil: keptUntil(record))
        var shown = record
        while true {
            let text = try EndingFiles.text(summary, record: try RecordDocument(shown).encoded())
            do throws(SystemError) {
                return try file.write(text)
            } catch {
                guard error.errno == .noSpace, !shown.processes.isEmpty else { throw error }
                if shown.processes.count == record.processes.count { log.failed(session.id, error) }
                let count = shown.processes.count / 2
                shown.omitted += shown.processes.count - count
                shown.processes = Array(shown.processes.prefix(count))
            }
        }
    }

    func failed(_ error: any Error) { log.failed(session.id, error) }
    func notStarted(_ error: any Error) { log.failed(session.id, error) }
    func gaveUp(_ error: any Error) { log.failed(session.id, error) }
}
