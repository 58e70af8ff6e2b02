// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// One process of a record as JSON.
struct ProcessDocument: Encodable {
    let pid: Int32
    let startTime: UInt64
    let parent: Int32
    let uid: UInt32?
    let name: String
    let executable: String?
    let evidence: [String]
    let outcome: String
    let step: String?
    let seconds: Double?
    let why: String?
    let rule: String?

    /// - Parameter began: the moment from which its seconds count.
    init(_ member: Member, began: Instant) {
        let process = member.process
        pid = process.identity.pid
        startTime = process.identity.startTime
        parent = process.parent
        uid = process.owner
        name = Escaping.shown(process.name)
        executable = process.executable.map { Escaping.shown($0) }
        evidence = process.evidence.words
        outcome = member.outcome.word
        step = member.outcome.step?.rawValue
        seconds = member.goneAt.map { ($0 - began).inSeconds }
        rule = member.rule.map { Escaping.shown($0.utf8) }
        if case .survived(let reason) = member.outcome { why = reason } else { why = nil }
    }
}

extension MemberOutcome {
    /// The word of the vocabulary.
    public var word: String {
        switch self {
        case .pending, .survived: "survived"
        case .exited: "exited"
        case .ended: "ended"
        case .killed: "killed"
        case .kept: "kept"
        case .reported: "reported"
        }
    }

    /// The signal that ended it, if one did.
    public var step: SignalName? {
        switch self {
        case .ended(let signal): signal
        case .killed: .kill
        case .pending, .exited, .kept, .reported, .survived: nil
        }
    }
}
