// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// All sessions that the caller may see, as JSON, version 1: exeunt-list(1).
public struct SessionListDocument: Sendable {
    private enum Keys: String, CodingKey { case sessions, version }
    private let sessions: [SessionDescription]

    /// Of these.
    public init(_ sessions: [SessionDescription]) { self.sessions = sessions }

    /// The document as one line of JSON without a line feed, its keys in a fixed order.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.key(Keys.sessions)
            $0.array(sessions) { $0.write(&$1) }
            $0.member(Keys.version, 1)
        }
        return writer.bytes
    }
}

/// One session and who belongs to it, as JSON, version 1: exeunt-show(1), exeunt-check(1).
public struct ShownSessionDocument: Encodable, Sendable {
    private let version = 1
    private let session: SessionDescription
    private let members: [MemberDescription]
    private let action: MemberDescription.Action?
    private let why: String?

    /// As exeuntd tells it.
    public init(_ reply: ShowCall.Reply) {
        session = reply.session
        members = reply.members
        action = reply.action
        why = reply.why
    }

    /// The document as one line of JSON without a line feed, its keys in a fixed order.
    public func encoded() throws -> [UInt8] { Array(try JSONEncoder.varlink.encode(self)) }
}

/// All leases that the caller may see, as JSON, version 1: exeunt-leases(1).
public struct LeaseListDocument: Encodable, Sendable {
    private let version = 1
    private let leases: [LeaseDescription]

    /// Of these.
    public init(_ leases: [LeaseDescription]) { self.leases = leases }

    /// The document as one line of JSON without a line feed, its keys in a fixed order.
    public func encoded() throws -> [UInt8] { Array(try JSONEncoder.varlink.encode(self)) }
}

/// What came of the requests to end sessions, as JSON, version 1: exeunt-end(1).
public struct EndedSessionsDocument: Sendable {
    private var entries: [[UInt8]] = []

    /// Of none yet.
    public init() {}

    private struct Entry: Encodable {
        let session: String
        var verdict: String?
        var error: String?
        var why: String?
    }

    /// What exeuntd has answered.
    public mutating func add(_ session: String, _ reply: EndCall.Reply) throws {
        var entry = Array(try JSONEncoder.varlink.encode(Entry(session: session, verdict: reply.verdict)))
        if let record = reply.record {
            entry.removeLast()
            entry += Array(#","record":"#.utf8) + record.bytes + [UInt8(ascii: "}")]
        }
        entries.append(entry)
    }

    /// It was refused.
    public mutating func add(_ session: String, _ error: CallError) throws {
        let entry = Entry(session: session, error: error.name, why: "\(error)")
        entries.append(Array(try JSONEncoder.varlink.encode(entry)))
    }

    /// The document as one line of JSON without a line feed.
    public var encoded: [UInt8] {
        Array(#"{"sessions":["#.utf8) + entries.joined(separator: [UInt8(ascii: ",")]) + Array(#"],"version":1}"#.utf8)
    }
}
