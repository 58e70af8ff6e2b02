// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// Tells the user of `exeunt run` how it went.
final class RunAudience: Supervision.Audience {
    private let options: Run
    private let destination: RecordFile?
    private let line = LiveLine()

    init(_ options: Run, _ destination: RecordFile?) {
        self.options = options
        self.destination = destination
    }

    func progress(_ progress: EndingProgress) { line.show(progress) }

    func over(_ record: EndingRecord) {
        line.clear()
        if let destination { writing { try destination.write(RecordDocument(record).encoded()) } }
        if options.json {
            writing { Console.error(String(decoding: try RecordDocument(record).encoded(), as: UTF8.self)) }
        } else if !options.quiet, let text = Summary(record, isVerbose: options.verbose).text {
            Console.message(text)
        }
    }

    func failed(_ error: any Error) {
        line.clear()
        Console.message("\(error)")
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
