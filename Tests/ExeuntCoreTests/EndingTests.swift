// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// What takes more than one row of the table to see.
struct EndingTests {
    private let begin = EndingEvent.begin(leader: nil, told: nil)

    @Test func outcomesSayWhatEndedEach() throws {
        let machine = ending(
            .plain(),
            after: [
                (at(1), begin), (at(1), saw(member(11), member(12), member(13))), (at(1), told([.term], 11, 12)),
                (at(2), .exited(member(11), killed: false)), (at(6), .timer), (at(6), saw(member(12))),
                (at(6), told([.kill], 12)), (at(7), .exited(member(12), killed: true)), (at(7), saw(certain: true)),
            ])
        #expect(machine.roster[identity(11)]?.outcome == .ended(by: .term))
        #expect(machine.roster[identity(12)]?.outcome == .killed)
        #expect(machine.roster[identity(13)]?.outcome == .exited)
        #expect(machine.roster[identity(11)]?.goneAt == at(2))
        #expect(machine.state == .ended(.killed))
        #expect(machine.emptied == at(7))
        #expect(machine.began == at(1))
    }

    @Test func refusalIsToldInTheOutcome() throws {
        let refused = EndingEvent.Receipt.Result.refused("operation not permitted [EPERM]")
        let machine = ending(
            .plain(),
            after: [
                (at(1), begin), (at(1), .hurry), (at(1), saw(member(11))), (at(1), told([.kill], 11, result: refused)),
                (at(1), saw(member(11))),
            ])
        #expect(machine.roster[identity(11)]?.outcome == .survived(why: "operation not permitted [EPERM]"))
        #expect(machine.emptied == nil)
    }

    @Test func whatCouldNotBeToldNowIsToldLater() {
        let postponed = EndingEvent.Receipt.Result.postponed("cannot allocate memory [ENOMEM]")
        var machine = ending(.plain(), after: [(at(1), begin), (at(1), .hurry)])
        // Whoever is met again may be stopped before it is killed, and is told in any case.
        for _ in 0..<10 {
            let actions = machine.handle(saw(member(11)), at: at(1))
            guard case .signal(let signals, [identity(11)]) = actions.last else {
                Issue.record("given up: \(actions)")
                return
            }
            _ = machine.handle(told(signals, 11, result: postponed), at: at(1))
        }
        #expect(machine.handle(saw(member(11)), at: at(1)).last == .signal([.kill], [identity(11)]))
        _ = machine.handle(told([.kill], 11), at: at(1))
        #expect(machine.handle(saw(certain: true), at: at(1)) == [.cancelTimer, .finish(.killed)])
        #expect(machine.roster[identity(11)]?.outcome == .killed)
    }

    @Test(arguments: [("D" as Character, "uninterruptible, state D"), ("S", "still there after KILL")])
    func survivorsSayWhy(state: Character, why: String) {
        let machine = ending(
            .plain(),
            after: [
                (at(1), begin), (at(1), .hurry), (at(1), saw(member(11))), (at(1), told([.kill], 11)),
                (at(3), saw(member(11, state: state))),
            ])
        #expect(machine.state == .ended(.survivors))
        #expect(machine.roster[identity(11)]?.outcome == .survived(why: why))
    }

    @Test func nobodySeenProvesNothingWhileUnseenMembersExit() {
        let unseen = EndingEvent.observed(Observation(members: [], isCertain: false, hasUnseen: true))
        var machine = ending(.plain(), after: [(at(1), begin)])
        // The ladder goes on, and KILL is one call to the whole group.
        let soon = Duration.milliseconds(10)
        #expect(machine.handle(unseen, at: at(1)) == [.setTimer(at(1) + soon)])
        #expect(machine.handle(.timer, at: at(1) + soon) == [.observe])
        #expect(machine.handle(unseen, at: at(6)) == [.cancelTimer, .observe])
        for _ in 0..<3 {
            #expect(machine.handle(unseen, at: at(6)) == [.killLeaderGroup, .setTimer(at(6) + soon)])
            #expect(machine.handle(.timer, at: at(6) + soon) == [.observe])
        }
        #expect(machine.handle(saw(), at: at(7)) == [.observe])
        #expect(machine.handle(unseen, at: at(7)) == [.killLeaderGroup, .setTimer(at(7) + soon)])
        // After the bound somebody is still there, whoever that is.
        #expect(machine.handle(unseen, at: at(8)) == [.cancelTimer, .finish(.survivors)])
    }

    @Test func leaderThatGoesWhenAskedIsNotLeftOver() {
        let machine = ending(
            .plain(),
            after: [
                (at(1), .begin(leader: identity(10), told: nil)), (at(1), saw(member(10))), (at(1), told([.term], 10)),
                (at(2), .exited(member(10), killed: false)), (at(2), saw(certain: true)),
            ])
        #expect(machine.state == .ended(.clean))
        #expect(machine.roster[identity(10)]?.outcome == .ended(by: .term))
    }

    @Test func deathByOthersBeforeKillIsAnExit() {
        let machine = ending(
            .plain(), after: [(at(1), begin), (at(1), saw(member(11))), (at(2), .exited(member(11), killed: true))])
        #expect(machine.roster[identity(11)]?.outcome == .exited)
    }

    @Test func whoeverOutrunsSingleSignalsIsKilledWithItsGroup() {
        let machine = ending(.plain(), after: [(at(1), begin), (at(1), .hurry)])
        var lists: [[EndingAction]] = []
        for pid in Int32(11)...18 { lists.append(machine.handle(saw(member(pid)), at: at(1))) }
        #expect(lists[0] == [.signal([.kill], [identity(11)])])
        #expect(lists[1] == [.signal([.stop], [identity(12)])])
        #expect(lists[4] == [.signal([.stop], [identity(15)])])
        #expect(lists[5] == [.signal([.kill], [identity(16)])])
        #expect(lists[7] == [.killLeaderGroup, .signal([.kill], [identity(18)])])
    }

    @Test func patienceWithNewcomersEnds() {
        let machine = ending(.plain(), after: [(at(1), begin)])
        var last: [EndingAction] = []
        for pid in Int32(11)...27 { last = machine.handle(saw(member(pid)), at: at(1)) }
        #expect(last == [.setTimer(at(6))])
    }

    @Test func zeroGraceTellsOnceAndClimbs() {
        let plan = EndingPlan.plain().with {
            $0.ladder = Ladder(rungs: [
                Ladder.Rung(signals: [.hup], grace: .zero), Ladder.Rung(signals: [.term], grace: .seconds(1)),
            ])
        }
        let machine = ending(plan, after: [(at(1), begin)])
        #expect(machine.handle(saw(member(11)), at: at(1)) == [.signal([.hup], [identity(11)])])
        #expect(machine.handle(told([.hup], 11), at: at(1)) == [.observe])
        #expect(machine.handle(saw(member(11)), at: at(1)) == [.cancelTimer, .observe])
        #expect(machine.state == .rung(index: 1, until: nil))
        #expect(machine.handle(saw(member(11)), at: at(1)) == [.signal([.term], [identity(11)])])
    }

    @Test func aShortListingIsTakenBack() {
        let machine = ending(
            .plain(), after: [(at(1), begin), (at(1), saw(member(11))), (at(1), saw()), (at(1), saw(member(11)))])
        #expect(machine.roster[identity(11)]?.isGone == false)
        #expect(machine.roster[identity(11)]?.outcome == .pending)
    }

    @Test func aRecycledPidIsSomebodyElse() {
        let machine = ending(.plain(), after: [(at(1), begin), (at(1), saw(member(11)))])
        let actions = machine.handle(saw(member(11, start: 2)), at: at(2))
        #expect(actions == [.signal([.term], [identity(11, start: 2)])])
        #expect(machine.roster.members.count == 2)
    }
}
