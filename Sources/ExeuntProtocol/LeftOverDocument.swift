// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// What would have been ended if it were not for report mode, as JSON, version 1: exeunt-report(1).
public struct LeftOverDocument: Encodable, Sendable {
    private let version = 1
    /// By program, user and rule.
    public let entries: [Entry]
    /// How many processes in all.
    public let processes: Int
    /// How many sessions have left them.
    public let sessions: Int
    /// How many endings were looked at.
    public let endings: Int

    /// The processes of a program, a user and a rule.
    public struct Entry: Encodable, Hashable, Sendable {
        /// Its path, or, in brackets, how it called itself.
        public let program: String
        /// The user that it ran as.
        public let uid: UInt32
        /// Her name, where she has one.
        public let user: String?
        /// The rule that had them reported; nil where the session was.
        public let rule: String?
        /// How many.
        public let processes: Int
        /// How many sessions have left some.
        public let sessions: Int
        /// When one was left last.
        public let last: String

        /// See the fields.
        public init(
            program: String, uid: UInt32, user: String?, rule: String?, processes: Int, sessions: Int, last: String
        ) {
            self.program = program
            self.uid = uid
            self.user = user
            self.rule = rule
            self.processes = processes
            self.sessions = sessions
            self.last = last
        }
    }

    /// See the fields.
    public init(entries: [Entry], processes: Int, sessions: Int, endings: Int) {
        self.entries = entries
        self.processes = processes
        self.sessions = sessions
        self.endings = endings
    }

    /// The document as one line of JSON without a line feed, its keys in a fixed order.
    public func encoded() throws -> [UInt8] { Array(try JSONEncoder.varlink.encode(self)) }
}
