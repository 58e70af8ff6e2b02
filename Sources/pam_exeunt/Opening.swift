// SPDX-License-Identifier: Apache-2.0
import CPAM

/// Opens a session at exeuntd, or leaves a note that it was opened. Whatever happens, the log-in goes on.
struct Opening {
    /// Enough for every name that works; what is longer is cut.
    private static let longestValue = 256
    private static let longestWord = 64
    /// The longest values, when every byte of them is escaped.
    private static let longestParameters = 16384
    /// For all of it: somebody waits at a prompt.
    private static let milliseconds: Int64 = 1000

    private let transaction: Transaction
    private let options: ModuleOptions

    init(_ transaction: Transaction, _ options: ModuleOptions) {
        self.transaction = transaction
        self.options = options
    }

    func run() {
        // From the beginning: the log, too, may take its time.
        let deadline = Deadline(afterMilliseconds: Self.milliseconds)
        guard let proposed = SessionID.random() else {
            return transaction.log(LOG_ERR, "the kernel has no random bytes; the session is not tracked")
        }
        guard let user = transaction.item(PAM_USER, limit: Self.longestValue), !user.isEmpty else {
            return transaction.log(LOG_ERR, "the user is not known; the session is not tracked")
        }
        let parameters = parameters(user, proposed)
        do {
            let answer = try ask(parameters, until: deadline)
            keep(answer.session, nested: answer.nested)
            transaction.setVariable(to: answer.session)
        } catch {
            note(proposed, parameters, because: error)
            transaction.keep(.session(proposed))
            transaction.setVariable(to: proposed)
        }
    }

    /// The parameters of `Open`, as they are sent and noted.
    private func parameters(_ user: UnsafeBufferPointer<UInt8>, _ proposed: SessionID) -> ByteBuffer {
        var text = ByteBuffer(capacity: Self.longestParameters)
        text.append(UInt8(ascii: "{"))
        text.appendMember("session", proposed)
        text.appendMember("user", user)
        if let owner = transaction.owner { text.appendMember("uid", UInt64(owner)) }
        text.appendMember("service", transaction.item(PAM_SERVICE, limit: Self.longestValue))
        text.appendMember("tty", transaction.item(PAM_TTY, limit: Self.longestValue))
        text.appendMember("display", transaction.item(PAM_XDISPLAY, limit: Self.longestValue))
        text.appendMember("remoteHost", transaction.item(PAM_RHOST, limit: Self.longestValue))
        text.appendMember("remoteUser", transaction.item(PAM_RUSER, limit: Self.longestValue))
        let variable = transaction.variable("XDG_SESSION_CLASS", limit: Self.longestWord)
        text.appendMember("class", options.sessionClass ?? variable)
        text.appendMember("type", options.type ?? transaction.variable("XDG_SESSION_TYPE", limit: Self.longestWord))
        text.endObject()
        return text
    }

    private func ask(
        _ parameters: borrowing ByteBuffer, until deadline: Deadline
    ) throws(Trouble) -> (session: SessionID, nested: Bool) {
        var message = ByteBuffer(capacity: parameters.count &+ 256)
        message.appendCall("io.exeunt.Sessions.Open", parameters)
        let answer = try Answer(Conversation.call(message, until: deadline))
        guard let session = answer.session, let nested = answer.nested else {
            throw Trouble("the answer of exeuntd cannot be understood")
        }
        return (session, nested)
    }

    private func keep(_ session: SessionID, nested: Bool) {
        guard nested else {
            transaction.debug("opened session ", session)
            return transaction.keep(.session(session))
        }
        transaction.debug("inside session ", session)
        // Nested in what this very handle has opened: the module stands twice in the stack, and is to close it still.
        if case .session(let own) = transaction.kept, own == session { return }
        transaction.keep(.nested)
    }

    private func note(_ proposed: SessionID, _ parameters: borrowing ByteBuffer, because trouble: Trouble) {
        var line = ByteBuffer(capacity: 512)
        line.append(trouble)
        line.append("; session ")
        line.append(proposed)
        do {
            let directory = try PendingDirectory(making: true)
            try directory.noteOpening(of: proposed, parameters: parameters)
            line.append(" is noted in /run/exeunt/pending")
        } catch {
            line.append(" is not tracked, since it cannot be noted: ")
            line.append(error)
        }
        transaction.log(LOG_WARNING, line)
    }
}

extension ByteBuffer {
    /// A call as Varlink has it, with the zero byte that ends it.
    mutating func appendCall(_ method: StaticString, _ parameters: borrowing ByteBuffer) {
        append("{\"method\":\"")
        append(method)
        append("\",\"parameters\":")
        append(parameters)
        append(UInt8(ascii: "}"))
        append(UInt8(0))
    }
}
