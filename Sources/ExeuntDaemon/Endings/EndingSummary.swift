// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol

/// How an ending went, in short: the first line of the file in which its record is left for the daemon.
struct EndingSummary: Codable {
    let verdict: String
    let reason: String
    /// On the monotonic clock.
    let keptUntil: Int64?
    /// How many processes had each outcome, by its word.
    let outcomes: [String: Int]
    let seconds: Double
    let failedHooks: Int
    let kept: [Kept]

    /// A process that a rule has spared.
    struct Kept: Codable {
        let pid: Int32
        let startTime: UInt64
        let rule: String

        func write(_ writer: inout JSONWriter) {
            writer.member(CodingKeys.pid, pid)
            writer.member(CodingKeys.startTime, startTime)
            writer.member(CodingKeys.rule, rule)
        }
    }

    init(_ record: EndingRecord, keptUntil: Instant?) {
        verdict = record.verdict.rawValue
        reason = record.reason.rawValue
        self.keptUntil = keptUntil?.nanoseconds
        var counts: [String: Int] = [:]
        for member in record.processes { counts[member.outcome.word, default: 0] += 1 }
        outcomes = counts
        seconds = record.took / .seconds(1)
        kept = record.processes.compactMap { member in
            guard member.outcome == .kept, let rule = member.rule else { return nil }
            let identity = member.process.identity
            return Kept(pid: identity.pid, startTime: identity.startTime, rule: rule)
        }
        failedHooks = record.hooks.count { !$0.isSuccess }
    }

    /// What the registry is told.
    var exit: EnderExit {
        .recorded(
            Verdict(rawValue: verdict) ?? .survivors, keptUntil: keptUntil.map(Instant.init(nanoseconds:)),
            kept: .init(kept))
    }
}

extension [ProcessIdentity: String] {
    /// By identity.
    init(_ kept: [EndingSummary.Kept]) {
        self.init(kept.map { (ProcessIdentity(pid: $0.pid, startTime: $0.startTime), $0.rule) }) { first, _ in first }
    }
}
