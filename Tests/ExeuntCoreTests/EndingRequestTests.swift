// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Endings that somebody asked for: the payload has been told already, and must not be told the same twice.
struct EndingRequestTests {
    private func requested(_ signal: SignalName, ladder: Ladder, leaderOnly: Bool = false) -> Machine {
        let told = EndingEvent.Told(signal: signal, group: 10, leaderOnly: leaderOnly)
        return ending(
            EndingPlan(ladder: ladder), after: [(at(1), .begin(leader: identity(10), told: told))])
    }

    @Test func theGroupGetsTheOtherSignalsAndThenTheRestGetsAll() {
        let machine = requested(.term, ladder: .payload)
        let members = [member(10, group: 10), member(11, group: 10), member(12, group: 12)]
        let look = EndingEvent.observed(Observation(members: members, isCertain: false))
        #expect(machine.handle(look, at: at(1)) == [.signal([.cont], [identity(10), identity(11)])])
        #expect(machine.state == .rung(index: 0, until: nil))
        #expect(machine.handle(told([.cont], 10, 11), at: at(1)) == [.observe])
        #expect(machine.handle(look, at: at(1)) == [.signal([.cont, .term], [identity(12)])])
        #expect(machine.state == .rung(index: 0, until: at(6)))
        #expect(machine.roster[identity(11)]?.lastSignal == .term)
    }

    @Test func anotherSignalThanTheLaddersDoesNotStandForIt() {
        let machine = requested(.int, ladder: .payload)
        #expect(machine.handle(saw(member(10, group: 10)), at: at(1)) == [.signal([.cont, .term], [identity(10)])])
    }

    @Test func withoutOtherSignalsAStoppedProgramIsContinued() {
        let machine = requested(.term, ladder: Ladder(rungs: [Ladder.Rung(signals: [.term], grace: .seconds(1))]))
        #expect(machine.handle(saw(member(10, group: 10)), at: at(1)) == [.signal([.cont], [identity(10)])])
    }

    @Test func whoeverComesLaterIsToldEverything() {
        let machine = requested(.term, ladder: .payload)
        machine.handle(saw(member(10, group: 10)), at: at(1))
        let actions = machine.handle(saw(member(10, group: 10), member(11, group: 10)), at: at(1))
        #expect(actions == [.signal([.cont, .term], [identity(11)])])
    }

    @Test func aSignalToTheLeaderAloneCountsForItAlone() {
        let machine = requested(.term, ladder: .payload, leaderOnly: true)
        let actions = machine.handle(saw(member(10, group: 10), member(11, group: 10)), at: at(1))
        #expect(actions == [.signal([.cont], [identity(10)])])
    }

    @Test func theNextRungIsForEverybody() {
        let ladder = Ladder(rungs: [
            Ladder.Rung(signals: [.hup], grace: .seconds(1)), Ladder.Rung(signals: [.term], grace: .seconds(1)),
        ])
        let machine = requested(.term, ladder: ladder)
        let look = saw(member(10, group: 10))
        #expect(machine.handle(look, at: at(1)) == [.signal([.hup], [identity(10)])])
        machine.handle(.timer, at: at(2))
        #expect(machine.handle(look, at: at(2)) == [.signal([.term], [identity(10)])])
    }

    @Test func aLeaderThatGoesBeforeTheLadderIsRecordedAsAsked() {
        let ended = requested(.term, ladder: Ladder(rungs: []))
        ended.handle(saw(member(10, group: 10)), at: at(1))
        ended.handle(.exited(member(10, group: 10), killed: false), at: at(1))
        #expect(ended.roster[identity(10)]?.outcome == .ended(by: .term))
    }

    @Test func aHurriedRequestIsRecordedAllTheSame() {
        let machine = requested(.term, ladder: .payload)
        machine.handle(.hurry, at: at(1))
        machine.handle(saw(member(10, group: 10)), at: at(1))
        #expect(machine.roster[identity(10)]?.lastSignal == .term)
    }

    @Test func leaderFirstNeedsNoPoliteRungWhereTheRequestHasTold() {
        let plan = EndingPlan(ladder: Ladder(rungs: []), leaderFirst: .seconds(2))
        let told = EndingEvent.Told(signal: .term, group: 10, leaderOnly: true)
        let machine = ending(plan, after: [(at(1), .begin(leader: identity(10), told: told))])
        #expect(machine.state == .leaderFirst(until: at(3)))
        #expect(machine.handle(saw(member(10)), at: at(1)) == [.signal([.cont], [identity(10)])])
        let plain = ending(plan, after: [(at(1), .begin(leader: identity(10), told: nil))])
        #expect(plain.state == .kill(until: at(16)))
    }
}
