// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol
import Testing

@testable import ExeuntReports

@Suite struct RecordTests {
    private static func line(
        _ id: String = "7k2mzq9x4c1d", ended: String = "2026-01-31T14:05:00.000Z", verdict: String = "left",
        processes: String = "", version: Int = 1
    ) -> [UInt8] {
        Array(
            """
            {"version":\(version),"mode":"end","reason":"closed","verdict":"\(verdict)","later":"ignored",\
            "session":{"id":"\(id)","owner":7,"user":"joe","leader":{"pid":1,"startTime":5}},\
            "times":{"ending":"\(ended)","ended":"\(ended)","endingSeconds":1.25},"processes":[\(processes)]}
            """.utf8)
    }

    private static func process(_ pid: Int, _ outcome: String, _ program: String = "/bin/a", rule: String? = nil)
        -> String
    {
        let rule = rule.map { #","rule":"\#($0)""# } ?? ""
        return """
            {"pid":\(pid),"startTime":5,"uid":7,"name":"a","executable":"\(program)","evidence":["cgroup"],\
            "outcome":"\(outcome)"\(rule)}
            """
    }

    @Test func whatIsReadOfALine() throws {
        let record = try StoredRecord(
            Self.line(processes: [Self.process(1, "ended"), Self.process(2, "ended")].joined(separator: ",")))
        #expect(record.ended == CivilText.time("2026-01-31T14:05:00Z"))
        // The leader went when its session was over.
        #expect(record.leftOvers.map(\.pid) == [2])
        let killed = try StoredRecord(Self.line(processes: Self.process(1, "killed")))
        #expect(killed.leftOvers.map(\.pid) == [1])
    }

    @Test func whatIsOldIsSeenAtAGlance() {
        func isOlder(_ text: [UInt8]?, _ time: String) -> Bool {
            RecordLine(place: "", number: 1, text: text).isOlder(than: Array(time.utf8))
        }
        let line = Self.line(ended: "2026-01-31T14:05:00.000Z")
        #expect(isOlder(line, "2026-01-31T14:05:00.001Z"))
        #expect(!isOlder(line, "2026-01-31T14:05:00.000Z"))
        // What is not found has to be read.
        let forged = Array(
            #"{"name":"\"ended\":\"1970-01-01T00:00:00.000Z","x":"0123456789012345678901234567890"}"#.utf8)
        for text in [forged, [], Array(#""ended":"1970"#.utf8), Array(#""ended":"1970-01-01T00:00:00+01:00 "#.utf8)] {
            #expect(!isOlder(text, "2026-01-31T14:05:00.000Z"))
        }
        #expect(!isOlder(nil, "2026-01-31T14:05:00.000Z"))
    }

    @Test(arguments: ["", "{}", "[]", "nul", #"{"version":1}"#])
    func whatIsNone(_ text: String) {
        #expect(throws: StoredRecord.Fault.unreadable) { try StoredRecord(Array(text.utf8)) }
    }

    @Test func whatIsOfAnotherVersion() {
        #expect(throws: StoredRecord.Fault.version(3)) { try StoredRecord(Self.line(version: 3)) }
        #expect(throws: StoredRecord.Fault.unreadable) { try StoredRecord(Self.line(ended: "soon")) }
    }

    /// Whatever the daemon writes can be read.
    @Test func whatExeuntWrites() throws {
        let facts = EndingRecord.SessionFacts(
            id: "7k2mzq9x4c1d", owner: 7, command: [], hasTerminal: false,
            login: LoginFacts(user: "j\n", service: "sshd"))
        let record = EndingRecord(
            session: facts, bootID: "", trackers: [.cgroup], mode: .end, reason: .closed, laterReasons: [],
            ladder: .payload, unkillable: .seconds(15), payload: nil, verdict: .clean, opened: 0, ending: 0, empty: nil,
            ended: 1_500_000_000, took: .seconds(1), processes: [], began: .init(nanoseconds: 0), omitted: 0,
            exitCode: 0)
        let stored = try StoredRecord(try RecordDocument(record).encoded())
        #expect((stored.session.user, stored.session.service) == ("j\\x0a", "sshd"))
        #expect(stored.ended == 1_500_000_000)
    }

    @Test(arguments: [
        ("clean", "", "nothing was left"), ("left", "ended", "1 left; all went when asked, in 1.250 s"),
        ("killed", "killed", "1 left; KILL was needed, all gone in 1.250 s"), ("kept", "kept", "1 left; all are kept"),
        ("reported", "reported", "1 left; report only, nothing was signalled"),
        ("survivors", "survived", "1 left; some could not be ended in 1.250 s"),
        ("later", "odd", "1 left; verdict later"),
    ])
    func headlines(_ verdict: String, _ outcome: String, _ text: String) throws {
        let process = outcome.isEmpty ? "" : Self.process(2, outcome)
        let lines = EndingText(try StoredRecord(Self.line(verdict: verdict, processes: process))).lines
        #expect(lines.first == "session 7k2mzq9x4c1d: \(text)")
        #expect(lines.count == (outcome.isEmpty ? 1 : 2))
    }

    @Test func whatWasReportedIsSummedUp() throws {
        var sum = ReportedLeftOvers(nameOf: { $0 == 7 ? "joe" : nil })
        let one = [Self.process(2, "reported"), Self.process(3, "reported"), Self.process(4, "kept")]
        sum.add(try StoredRecord(Self.line("a", processes: one.joined(separator: ","))))
        let two = [
            Self.process(2, "reported"), Self.process(3, "reported", rule: "r"), Self.process(4, "reported", "/bin/b"),
        ]
        sum.add(
            try StoredRecord(Self.line("b", ended: "2026-02-01T00:00:00.000Z", processes: two.joined(separator: ","))))
        let document = sum.document
        #expect(
            document.entries.map {
                "\($0.program) \($0.rule ?? "-") \($0.processes) \($0.sessions) \($0.last.prefix(10))"
            } == [
                "/bin/a - 3 2 2026-02-01", "/bin/a r 1 1 2026-02-01", "/bin/b - 1 1 2026-02-01",
            ])
        #expect((document.processes, document.sessions, document.endings) == (5, 2, 2))
    }

    @Test(
        arguments: [
            (nil, [], [1, 2, 3, 4, 5]), (2, [4, 5], []), (5, [1, 2, 3, 4, 5], []), (9, [1, 2, 3, 4, 5], []),
        ] as [(Int?, [Int], [Int])])
    func theNewest(_ limit: Int?, _ held: [Int], _ passed: [Int]) {
        var newest = Newest<Int>(limit)
        #expect((1...5).compactMap { newest.add($0) } == passed)
        #expect(newest.entries == held)
    }
}
