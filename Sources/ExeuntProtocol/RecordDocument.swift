// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import FoundationEssentials

/// A record as JSON, version 1: `docs/record.schema.json`.
public struct RecordDocument: Encodable, Sendable {
    /// The version of the schema that documents follow.
    public static let version = 1

    private let version = Self.version
    private let session: SessionDocument
    private let bootID: String
    private let trackers: [TrackerDocument]
    private let mode: String
    private let reason: String
    private let laterReasons: [String]
    private let ladder: String
    private let unkillableSeconds: Double
    private let payload: PayloadDocument?
    private let verdict: String
    private let times: TimesDocument
    private let processes: [ProcessDocument]
    private let omitted: Int?
    private let hooks: [HookDocument]?
    private let exitCode: Int32

    /// The document of one record.
    public init(_ record: EndingRecord) {
        session = SessionDocument(record.session)
        bootID = record.bootID
        trackers = record.trackers.map(TrackerDocument.init)
        mode = record.mode.rawValue
        reason = record.reason.rawValue
        laterReasons = record.laterReasons.map(\.rawValue)
        ladder = record.ladder.description
        unkillableSeconds = record.unkillable.inSeconds
        payload = record.payload.map(PayloadDocument.init)
        verdict = record.verdict.rawValue
        times = TimesDocument(record)
        processes = record.processes.map { ProcessDocument($0, began: record.began) }
        omitted = record.omitted > 0 ? record.omitted : nil
        hooks = record.hooks.isEmpty ? nil : record.hooks.map(HookDocument.init)
        exitCode = record.exitCode
    }

    /// The document as one line of JSON without a line feed, its keys in a fixed order.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}

private struct SessionDocument: Encodable {
    let id: String
    let `class`: String
    let type: String
    let owner: UInt32
    let user: String?
    let service: String?
    let tty: String?
    let display: String?
    let remoteHost: String?
    let remoteUser: String?
    let caller: UInt32?
    let leader: LeaderDocument?
    let command: [String]
    let cgroup: String?

    init(_ facts: EndingRecord.SessionFacts) {
        id = facts.id
        let login = facts.login
        `class` = (login?.sessionClass ?? .payload).rawValue
        type = (login?.type ?? (facts.hasTerminal ? .tty : .unspecified)).rawValue
        user = Self.shown(login?.user)
        service = Self.shown(login?.service)
        tty = Self.shown(login?.tty)
        display = Self.shown(login?.display)
        remoteHost = Self.shown(login?.remoteHost)
        remoteUser = Self.shown(login?.remoteUser)
        owner = facts.owner
        caller = facts.caller
        leader = facts.leader.map { LeaderDocument(pid: $0.pid, startTime: $0.startTime) }
        command = facts.command.map { Escaping.shown($0) }
        cgroup = Self.shown(facts.cgroup)
    }

    private static func shown(_ text: String?) -> String? { text.map { Escaping.shown($0.utf8) } }

    struct LeaderDocument: Encodable {
        let pid: Int32
        let startTime: UInt64
    }
}

private struct TrackerDocument: Encodable {
    let evidence: String
    let confidence: String
    let name: String?

    init(_ tracker: Tracker) {
        evidence = tracker.evidence.words.joined()
        confidence = tracker.isStrong ? "strong" : "weak"
        if case .mark(let variable) = tracker { name = variable } else { name = nil }
    }
}

private struct PayloadDocument: Encodable {
    let exitCode: Int32?
    let signal: Int32?

    init(_ end: EndingRecord.PayloadEnd) {
        switch end {
        case .exited(let code): (exitCode, signal) = (code, nil)
        case .signalled(let number): (exitCode, signal) = (nil, number)
        }
    }
}

private struct TimesDocument: Encodable {
    let opened: String
    let ending: String
    let empty: String?
    let ended: String
    let endingSeconds: Double

    init(_ record: EndingRecord) {
        opened = CivilText.text(record.opened)
        ending = CivilText.text(record.ending)
        empty = record.empty.map(CivilText.text)
        ended = CivilText.text(record.ended)
        endingSeconds = record.took.inSeconds
    }
}

extension Duration {
    /// As a fraction of seconds, in whole microseconds: more digits would only look exact.
    var inSeconds: Double { Double(DurationText.nanoseconds(self) / 1000) / 1e6 }
}
