// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// Tells the user of `exeunt run` how it went.
final class RunAudience: Supervision.Audience {
    private let output: Output
    private let destination: RecordFile?
    private let log: RunLog?
    private let line = LiveLine()
    /// Set before anything is forked.
    private var session: String?

    /// What is written when the session is over.
    struct Output {
        var isJSON = false
        var isQuiet = false
        var isVerbose = false
        /// Root looks at files for somebody who may not.
        var isForOthers = false
        /// How long the last words wait for a reader: a payload of another user may have stopped the terminal.
        var patience: Duration?
    }

    /// How long other messages do: what has failed is told while there is something to end.
    private static let patience: Duration = .seconds(2)

    init(_ output: Output, _ destination: RecordFile?, _ log: RunLog? = nil) {
        self.log = log
        self.output = output
        self.destination = destination
    }

    func progress(_ progress: EndingProgress) { line.show(progress) }

    func opened(_ session: String) {
        self.session = session
        log?.opened(session)
    }

    func over(_ record: EndingRecord) -> Bool {
        log?.over(record)
        let record = output.isForOthers ? record.forOthers : record
        line.clear()
        var isWritten = true
        if let destination { isWritten = tells { try destination.write(RecordDocument(record).encoded()) } }
        if output.isJSON {
            let encoded = tells { Self.show(try RecordDocument(record).encoded(), output.patience) }
            isWritten = isWritten && encoded
        } else if !output.isQuiet, let text = Summary(record, isVerbose: output.isVerbose).text {
            Console.message(text, patience: output.patience)
        }
        return isWritten
    }

    func document(_ record: EndingRecord) throws -> [UInt8] { try RecordDocument(record).encoded() }

    func notStarted(_ error: any Error) {
        log?.notStarted(session, error)
        tell(error)
        if let destination { _ = tells { try destination.discard() } }
    }

    func gaveUp(_ error: any Error) {
        failed(error)
        if let destination { _ = tells { try destination.discard() } }
    }

    func failed(_ error: any Error) {
        log?.failed(session, error)
        tell(error)
    }

    private func tell(_ error: any Error) {
        line.clear()
        if output.isForOthers, let refusal = error as? TrustRefusal {
            return Console.message(Escaping.shown(refusal.textForOthers.utf8), patience: Self.patience)
        }
        Console.failure(error, patience: Self.patience)
    }

    private static func show(_ document: [UInt8], _ patience: Duration?) {
        Console.error(String(decoding: document, as: UTF8.self), patience: patience)
    }

    /// Whether the work succeeded; why it did not is told.
    private func tells(_ work: () throws -> Void) -> Bool {
        do {
            try work()
            return true
        } catch {
            failed(error)
            return false
        }
    }
}

extension EndingRecord {
    /// Without the reasons for which hooks were not run, which tell what there is in places that are root's.
    fileprivate var forOthers: EndingRecord {
        var record = self
        for index in record.hooks.indices {
            guard case .notRun = record.hooks[index].end else { continue }
            record.hooks[index].end = .notRun("the log has the reason")
        }
        return record
    }
}
