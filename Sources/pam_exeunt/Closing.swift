// SPDX-License-Identifier: Apache-2.0
import CPAM

/// Closes what the opening has opened.
struct Closing {
    private let transaction: Transaction
    private let options: ModuleOptions

    init(_ transaction: Transaction, _ options: ModuleOptions) {
        self.transaction = transaction
        self.options = options
    }

    func run() {
        switch transaction.kept {
        case .nested: return transaction.debug("the session around goes on")
        case .closed: return transaction.debug("closed already")
        case .session(let id): close(id)
        case .nothing: close(transaction.variable("EXEUNT_SESSION", limit: 64).flatMap { SessionID($0) })
        }
        transaction.keep(.closed)
    }

    /// Without an id, exeuntd closes the session that this process leads, if there is one.
    private func close(_ id: SessionID?) {
        do {
            let answer = try ask(id)
            if let id { forgetNote(of: id) }
            if answer.isNoSuchSession {
                transaction.debug("exeuntd does not know session ", id)
            } else if options.wait > 0 && answer.empty == false {
                notEmpty(id)
            } else {
                transaction.debug("closed session ", id)
            }
        } catch {
            note(id, because: error)
        }
    }

    private func ask(_ id: SessionID?) throws(Trouble) -> Answer {
        let deadline = Deadline(afterMilliseconds: (options.wait &+ 1) &* 1000)
        var parameters = ByteBuffer(capacity: 128)
        parameters.append(UInt8(ascii: "{"))
        if let id { parameters.appendMember("session", id) }
        if options.wait > 0 { parameters.appendMember("wait", UInt64(options.wait)) }
        parameters.endObject()
        var message = ByteBuffer(capacity: 256)
        message.appendCall("io.exeunt.Sessions.Close", parameters)
        let answer = try Answer(Conversation.call(message, until: deadline))
        guard answer.isNoSuchSession || answer.empty != nil else {
            throw Trouble("the answer of exeuntd cannot be understood")
        }
        return answer
    }

    /// The opening may have been noted and carried out nevertheless, if the answer was late.
    private func forgetNote(of id: SessionID) {
        // Mostly there is none, and one that stays names a process that is about to exit.
        _ = try? PendingDirectory(making: false).removeOpening(of: id)
    }

    private func notEmpty(_ id: SessionID?) {
        var line = ByteBuffer(capacity: 256)
        line.append("session ")
        if let id { line.append(id) }
        line.append(" is not empty after ")
        line.append(UInt64(options.wait))
        line.append(" s")
        transaction.log(LOG_NOTICE, line)
    }

    private func note(_ id: SessionID?, because trouble: Trouble) {
        var line = ByteBuffer(capacity: 512)
        line.append(trouble)
        line.append("; ")
        do {
            if let id {
                let directory = try PendingDirectory(making: true)
                // Where no daemon has run since the machine was started there may never be one, and notes would pile up.
                if try !directory.hasSeenDaemon, try directory.removeOpening(of: id) {
                    line.append("nobody has been told of session ")
                } else {
                    try directory.noteClosing(of: id)
                    line.append("/run/exeunt/pending says that it was closed: session ")
                }
                line.append(id)
            } else {
                line.append("the session ends when its leader exits")
            }
        } catch {
            line.append("the session ends when its leader exits, since its closing cannot be noted: ")
            line.append(error)
        }
        transaction.log(LOG_WARNING, line)
    }
}
