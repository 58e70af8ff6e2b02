// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

struct LadderTests {
    typealias Rung = Ladder.Rung

    @Test(arguments: [
        ("KILL", []),
        ("sigkill", []),
        ("TERM 5s KILL", [Rung(signals: [.term], grace: .seconds(5))]),
        ("CONT TERM 5s KILL", [Rung(signals: [.cont, .term], grace: .seconds(5))]),
        ("SIGTERM 500ms SIGKILL", [Rung(signals: [.term], grace: .milliseconds(500))]),
        ("TERM KILL", [Rung(signals: [.term], grace: .zero)]),
        ("TERM 0 HUP 2 KILL", [Rung(signals: [.term], grace: .zero), Rung(signals: [.hup], grace: .seconds(2))]),
        (
            " cont  hup\tterm 10s int 1min30s KILL ",
            [
                Rung(signals: [.cont, .hup, .term], grace: .seconds(10)),
                Rung(signals: [.int], grace: .seconds(90)),
            ]
        ),
    ])
    func parses(text: String, rungs: [Rung]) throws {
        let ladder = try Ladder.parse(text)
        #expect(ladder.rungs == rungs)
        #expect(try Ladder.parse(ladder.description) == ladder)
    }

    @Test(arguments: [
        ("", "signals and durations that end with KILL, such as CONT TERM 5s KILL"),
        ("TERM", "signals and durations that end with KILL, such as CONT TERM 5s KILL"),
        ("KILL 5s", "signals and durations that end with KILL, such as CONT TERM 5s KILL"),
        ("KILL TERM KILL", "KILL at its end only, and no STOP"),
        ("STOP KILL", "KILL at its end only, and no STOP"),
        ("5s KILL", "a signal before the duration 5s"),
        ("TERM 5s 6s KILL", "a signal before the duration 6s"),
        ("TREM 5s KILL", "a signal or a duration instead of 'TREM'"),
        ("TERM -5s KILL", "a signal or a duration instead of '-5s'"),
    ])
    func refuses(text: String, expected: String) {
        #expect(throws: TextError(what: "ladder", text: text, expected: expected)) { try Ladder.parse(text) }
    }

    @Test func aBadDurationIsNamed() {
        #expect {
            try Ladder.parse("TERM 5parsecs KILL")
        } throws: { error in
            (error as? TextError)?.what == "duration" && (error as? TextError)?.text == "5parsecs"
        }
    }

    @Test func printing() {
        #expect(Ladder.payload.description == "CONT TERM 5s KILL")
        #expect(Ladder(rungs: []).description == "KILL")
        let first = Rung(signals: [.hup], grace: .zero)
        let ladder = Ladder(rungs: [first, Rung(signals: [.term], grace: .zero)])
        #expect(ladder.description == "HUP 0s TERM KILL")
    }

    @Test func gracesAddUp() throws {
        #expect(try Ladder.parse("HUP 2s TERM 500ms KILL").graces == .milliseconds(2500))
        #expect(EndingPlan(leaderFirst: .seconds(3)).bound == .seconds(23))
    }

    @Test func signalNames() {
        #expect(SignalName(text: "TERM") == .term)
        #expect(SignalName(text: "sigterm") == .term)
        #expect(SignalName(text: "SigWinch") == .winch)
        #expect(SignalName(text: "SIG") == nil)
        #expect(SignalName(text: "SIGSIGTERM") == nil)
        #expect(SignalName(text: "15") == nil)
        for name in SignalName.allCases { #expect(SignalName(text: "SIG" + name.rawValue) == name) }
    }
}
