// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// Tells the user of `exeunt run` how it went.
final class RunAudience: Supervision.Audience {
    private let output: Output
    private let destination: RecordFile?
    private let line = LiveLine()

    /// What is written when the session is over.
    struct Output {
        var isJSON = false
        var isQuiet = false
        var isVerbose = false
    }

    init(_ output: Output, _ destination: RecordFile?) {
        self.output = output
        self.destination = destination
    }

    func progress(_ progress: EndingProgress) { line.show(progress) }

    func over(_ record: EndingRecord) {
        line.clear()
        if let destination { writing { try destination.write(RecordDocument(record).encoded()) } }
        if output.isJSON {
            writing { Console.error(String(decoding: try RecordDocument(record).encoded(), as: UTF8.self)) }
        } else if !output.isQuiet, let text = Summary(record, isVerbose: output.isVerbose).text {
            Console.message(text)
        }
    }

    func failed(_ error: any Error) {
        line.clear()
        // It names paths and commands, which may hold anything.
        Console.message(Escaping.shown("\(error)".utf8))
    }

    private func writing(_ work: () throws -> Void) {
        do {
            try work()
        } catch {
            // The ending is done and verified; a record that cannot be written does not undo it.
            Console.message("\(error)")
        }
    }
}
