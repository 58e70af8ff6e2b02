// SPDX-License-Identifier: Apache-2.0
import ExeuntClient
import ExeuntCore
import ExeuntProtocol
import ExeuntReports

/// What came of requests to end sessions, told as it comes in.
struct EndOutcomes {
    private let isJSON: Bool
    private var entries = EndedSessionsDocument()
    /// Nothing was refused, and nothing has survived.
    private(set) var areGood = true

    init(isJSON: Bool) { self.isJSON = isJSON }

    /// All of them as one line of JSON.
    var document: [UInt8] { entries.encoded }

    mutating func take(_ request: EndRequest) throws {
        let reply: EndCall.Reply
        do throws(ClientError) {
            reply = try request.answer()
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            areGood = false
            try entries.add(request.session, refusal)
            if !isJSON { Console.message(Escaping.shown(DaemonCall.text(refusal).utf8)) }
            return
        }
        try tell(reply, of: request.session)
    }

    private mutating func tell(_ reply: EndCall.Reply, of session: String) throws {
        if reply.verdict == Verdict.survivors.rawValue { areGood = false }
        try entries.add(session, reply)
        if isJSON { return }
        if let record = reply.record, let lines = Self.lines(record) { return try OutputStyle.write(lines) }
        if let verdict = reply.verdict {
            try OutputStyle.write(["session \(ShownText.text(session)): \(ShownText.text(verdict))"])
        }
    }

    private static func lines(_ record: RawJSON) -> [String]? {
        // try?: the verdict alone has to do for a record that is not understood.
        (try? StoredRecord(record.bytes)).map { EndingText($0).lines }
    }
}
