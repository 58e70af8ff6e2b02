// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntCore

private let leaving = EndingPlan.plain().with { $0.leaderLeaves = .seconds(3) }
private let begin = [(at(1), EndingEvent.begin(leader: identity(10), told: nil))]
private let once = begin + [(at(1), saw(member(10)))]
private let vacant = once + [(at(1), saw(member(10)))]
private let rung = begin + [(at(1), saw(member(10), member(11)))]
private let firstRung = Ending.State.rung(index: 0, until: at(6))

/// Endings whose leader has closed the session and leaves by itself.
struct EndingLeavingTests {
    @Test(arguments: waiting + notLeaving + hurried + reporting)
    func row(_ row: EndingRow) {
        let machine = ending(row.plan, after: row.before)
        let actions = machine.handle(row.event, at: row.now)
        #expect(machine.state == row.state)
        #expect(actions == row.actions)
    }

    static let waiting: [EndingRow] = [
        EndingRow(
            "asks for a second look", with: leaving, after: begin, saw(member(10)), .rung(index: 0, until: nil),
            [.observe]),
        EndingRow(
            "waits for the leader alone", with: leaving, after: once, saw(member(10)), .vacant(until: at(4)),
            [.tellVacant, .setTimer(at(4))]),
        EndingRow(
            "tells the others", with: leaving, after: begin, saw(member(10), member(11)), firstRung,
            [.signal([.term], [identity(11)])]),
        EndingRow(
            "kills the others", with: leaving.with { $0.ladder = Ladder(rungs: []) }, after: begin,
            saw(member(10), member(11)), .kill(until: at(3)), [.signal([.kill], [identity(11)])]),
        EndingRow(
            "is vacant after the others", with: leaving, after: rung + [(at(2), saw(member(10)))], saw(member(10)),
            now: at(2), .vacant(until: at(4)), [.tellVacant, .setTimer(at(4))]),
        EndingRow(
            "looks when the last of the others has gone", with: leaving, after: rung,
            .exited(member(11), killed: false),
            now: at(2), firstRung, [.observe]),
        EndingRow(
            "looks when the leader has gone", with: leaving, after: vacant, .exited(member(10), killed: false),
            now: at(2),
            .vacant(until: at(4)), [.observe]),
        EndingRow(
            "ends when it has been seen to be gone", with: leaving,
            after: vacant + [(at(2), .exited(member(10), killed: false))], saw(), now: at(2), .ended(.clean),
            [.cancelTimer, .finish(.clean)]),
        EndingRow(
            "takes no single look's word that it has gone", with: leaving, after: vacant, saw(), now: at(2),
            .vacant(until: at(4)), [.observe]),
        EndingRow(
            "takes no single look's word before either", with: leaving, after: once, saw(), now: at(2),
            .rung(index: 0, until: nil), [.observe]),
        EndingRow(
            "takes two looks' word", with: leaving, after: vacant + [(at(2), saw())], saw(), now: at(2), .ended(.clean),
            [.cancelTimer, .finish(.clean)]),
        EndingRow(
            "takes the kernel's word", with: leaving, after: vacant, saw(certain: true), now: at(2), .ended(.clean),
            [.cancelTimer, .finish(.clean)]),
        EndingRow(
            "begins with newcomers", with: leaving, after: vacant, saw(member(10), member(12)), now: at(2),
            .rung(index: 0, until: nil), [.cancelTimer, .observe]),
        EndingRow(
            "sets an early timer again", with: leaving, after: vacant, .timer, now: at(2), .vacant(until: at(4)),
            [.setTimer(at(4))]),
        EndingRow(
            "gives more time, and tells again", with: leaving, after: vacant, .leaderLeaves(until: at(9)), now: at(2),
            .vacant(until: at(9)), [.tellVacant, .setTimer(at(9))]),
        EndingRow(
            "takes no time away", with: leaving, after: vacant, .leaderLeaves(until: at(3)), now: at(2),
            .vacant(until: at(4)), []),
        EndingRow(
            "hears that the leader leaves", after: begin + [(at(1), .leaderLeaves(until: at(8)))],
            saw(member(10), member(11)), firstRung, [.signal([.term], [identity(11)])]),
        EndingRow(
            "knows no leader that could leave", with: leaving, after: [(at(1), .begin(leader: nil, told: nil))],
            saw(member(10)), firstRung, [.signal([.term], [identity(10)])]),
    ]

    static let notLeaving: [EndingRow] = [
        EndingRow(
            "gets the ladder when its time is over", with: leaving, after: vacant, .timer, now: at(4),
            .rung(index: 0, until: nil), [.cancelTimer, .observe]),
        EndingRow(
            "is told then", with: leaving, after: vacant + [(at(4), .timer)], saw(member(10)), now: at(4),
            .rung(index: 0, until: at(9)), [.signal([.term], [identity(10)])]),
        EndingRow(
            "is not told while others have their grace", with: leaving, after: rung, saw(member(10), member(11)),
            now: at(5), firstRung, [.setTimer(at(6))]),
        EndingRow(
            "is not killed with others that were told", with: leaving, after: rung + [(at(6), .timer)],
            saw(member(10), member(11)), now: at(6), .kill(until: at(8)), [.signal([.kill], [identity(11)])]),
        EndingRow(
            "gets the ladder after the others", with: leaving,
            after: rung + [(at(6), .timer), (at(6), saw(member(10)))],
            saw(member(10)), now: at(6), .rung(index: 0, until: nil), [.cancelTimer, .observe]),
    ]

    static let hurried: [EndingRow] = [
        EndingRow(
            "means the leader, too", with: leaving, after: vacant, .hurry, now: at(2), .kill(until: at(4)),
            [.cancelTimer, .observe]),
        EndingRow(
            "kills it", with: leaving, after: vacant + [(at(2), .hurry)], saw(member(10)), now: at(2),
            .kill(until: at(4)),
            [.signal([.kill], [identity(10)])]),
        EndingRow(
            "kills it among others", with: leaving, after: rung + [(at(2), .hurry)], saw(member(10), member(11)),
            now: at(2), .kill(until: at(4)), [.signal([.kill], [identity(10), identity(11)])]),
        EndingRow(
            "looks for it when the others are killed already", with: leaving, after: rung + [(at(6), .timer)], .hurry,
            now: at(6), .kill(until: at(8)), [.observe]),
    ]

    private static let report = leaving.with { $0.mode = .report }

    static let reporting: [EndingRow] = [
        EndingRow(
            "does not wait for the leader", with: report, after: once, saw(member(10)), .ended(.clean),
            [.cancelTimer, .finish(.clean)]),
        EndingRow(
            "reports the others", with: report, after: begin + [(at(1), saw(member(10), member(11)))],
            saw(member(10), member(11)), .ended(.reported), [.cancelTimer, .finish(.reported)]),
        EndingRow(
            "hears that the leader leaves", with: .plain().with { $0.mode = .report },
            after: begin + [(at(1), .leaderLeaves(until: at(8))), (at(1), saw(member(10)))], saw(member(10)),
            .ended(.clean), [.cancelTimer, .finish(.clean)]),
        EndingRow(
            "reports a leader that does not leave", with: .plain().with { $0.mode = .report }, after: once,
            saw(member(10)), .ended(.reported), [.cancelTimer, .finish(.reported)]),
    ]

    @Test func aLeaderThatIsLeavingIsNoLeftOver() {
        let machine = ending(Self.report, after: once + [(at(1), saw(member(10)))])
        #expect(machine.roster.leftOvers.map(\.process.identity) == [])
    }

    @Test func aLeaderThatHasLeftIsNoLeftOver() {
        let machine = ending(leaving, after: once + [(at(1), saw(member(10), member(11)))])
        machine.handle(.exited(member(10), killed: false), at: at(2))
        #expect(machine.roster.leftOvers.map(\.process.identity) == [identity(11)])
    }

    @Test func aLeaderThatHasBeenToldIsALeftOver() {
        let given = begin + [(at(1), saw(member(10))), (at(1), saw(member(10))), (at(4), .timer)]
        let machine = ending(leaving, after: given)
        machine.handle(saw(member(10)), at: at(4))
        machine.handle(
            .signalled([.term], [EndingEvent.Receipt(identity: identity(10), result: .delivered)]), at: at(4))
        machine.handle(.exited(member(10), killed: false), at: at(5))
        #expect(machine.roster.leftOvers.map(\.process.identity) == [identity(10)])
    }

    /// A process that goes without being asked.
    private func exiting(_ pid: Int32) -> ObservedProcess {
        var process = member(pid)
        process.isLeaving = true
        return process
    }

    private func tell(_ signal: SignalName, _ machine: Machine, at now: Instant) {
        machine.handle(saw(exiting(11)), at: now)
        machine.handle(.signalled([signal], [EndingEvent.Receipt(identity: identity(11), result: .delivered)]), at: now)
        machine.handle(.exited(member(11), killed: false), at: now)
        for _ in 1...2 { machine.handle(saw(), at: now) }
    }

    @Test func whoeverIsAboutToGoIsNoLeftOver() {
        let machine = ending(.plain(), after: begin)
        tell(.term, machine, at: at(1))
        #expect(machine.state == .ended(.clean))
        #expect(machine.roster.leftOvers.map(\.process.identity) == [])
    }

    @Test func whoeverIsAboutToGoAndHasToBeKilledIsALeftOver() {
        let machine = ending(.plain(), after: begin)
        tell(.kill, machine, at: at(1))
        #expect(machine.state == .ended(.killed))
        #expect(machine.roster.leftOvers.map(\.process.identity) == [identity(11)])
    }

    @Test func whoeverIsAboutToGoIsNotReported() {
        let machine = ending(Self.report, after: once)
        for _ in 1...2 { machine.handle(saw(exiting(11)), at: at(1)) }
        #expect(machine.state == .ended(.clean))
        #expect(machine.roster.leftOvers.map(\.process.identity) == [])
    }

    @Test func noRuleKeepsALeaderThatIsLeaving() {
        let rules = [Rule(name: "all", action: .keep)]
        let machine = ending(leaving.with { $0.rules = rules }, after: once + [(at(1), saw(member(10)))])
        #expect(machine.state == .vacant(until: at(4)))
        #expect(machine.roster.leftOvers.map(\.process.identity) == [])
    }

    @Test func whoeverCouldNotBeEndedHidesNoLeader() {
        let seen = saw(member(10), member(11, state: "D"))
        let given = begin + [(at(1), seen), (at(6), .timer), (at(6), seen), (at(8), seen)]
        let waiting = ending(leaving.with { $0.leaderLeaves = .seconds(30) }, after: given)
        #expect(waiting.state == .vacant(until: at(31)))
        #expect(waiting.roster[identity(11)]?.outcome == .survived(why: "uninterruptible, state D"))
        waiting.handle(.exited(member(10), killed: false), at: at(9))
        waiting.handle(saw(member(11, state: "D")), at: at(9))
        waiting.handle(saw(member(11, state: "D")), at: at(9))
        #expect(waiting.state == .ended(.survivors))
        let late = ending(leaving, after: given)
        #expect(late.state == .rung(index: 0, until: nil))
        #expect(late.handle(seen, at: at(8)) == [.signal([.term], [identity(10)])])
    }

    @Test func vacancyIsToldOnce() {
        let machine = ending(leaving, after: vacant + [(at(2), saw(member(10), member(12)))])
        machine.handle(saw(member(10)), at: at(2))
        #expect(machine.handle(saw(member(10)), at: at(2)) == [.setTimer(at(4))])
    }
}

/// A leader that stays in the session's cgroup, which is somebody else's.
struct EndingAdoptedTests {
    private static let plan = EndingPlan.plain(cgroup: true).with {
        $0.leaderStaysInside = true
        $0.looksBeforeKill = true
    }

    private func inside(_ pid: Int32) -> ObservedProcess { member(pid, evidence: .cgroup) }

    private func killing(_ plan: EndingPlan) -> Machine {
        let machine = ending(plan, after: begin + [(at(1), saw(inside(10), inside(11)))])
        #expect(machine.handle(.timer, at: at(6)) == [.cancelTimer, .observe])
        return machine
    }

    @Test func theOneWriteNeverReachesALeaderThatIsLeaving() {
        let machine = killing(Self.plan.with { $0.leaderLeaves = .seconds(20) })
        #expect(machine.handle(saw(inside(10), inside(11)), at: at(6)) == [.signal([.kill], [identity(11)])])
        machine.handle(told([.kill], 11), at: at(6))
        #expect(machine.handle(saw(inside(10), inside(12)), at: at(6)) == [.signal([.stop], [identity(12)])])
    }

    @Test func oneLookThatMissesTheLeaderIsNotEnoughForTheOneWrite() {
        let machine = killing(Self.plan.with { $0.leaderLeaves = .seconds(20) })
        #expect(machine.handle(saw(inside(11)), at: at(6)) == [.signal([.kill], [identity(11)])])
        let plan = Self.plan.with {
            $0.leaderLeaves = .seconds(20)
            $0.ladder = Ladder(rungs: [])
        }
        let first = ending(plan, after: begin)
        #expect(first.handle(saw(inside(11)), at: at(1)) == [.signal([.kill], [identity(11)])])
    }

    @Test func itReachesOneThatIsNot() {
        let machine = killing(Self.plan)
        #expect(machine.handle(saw(inside(10), inside(11)), at: at(6)) == [.setTimer(at(7)), .killCgroup])
    }

    @Test func itReachesOneThatHasHadItsTime() {
        let machine = killing(Self.plan.with { $0.leaderLeaves = .seconds(2) })
        machine.handle(saw(inside(10)), at: at(6))
        #expect(machine.handle(saw(inside(10)), at: at(6)) == [.cancelTimer, .observe])
        machine.handle(saw(inside(10)), at: at(6))
        machine.handle(.timer, at: at(11))
        #expect(machine.handle(saw(inside(10)), at: at(11)) == [.setTimer(at(12)), .killCgroup])
    }

    @Test func aLeaderThatWasMovedOutKeepsNobodyFromTheOneWrite() {
        let plan = EndingPlan.plain(cgroup: true).with {
            $0.looksBeforeKill = true
            $0.leaderLeaves = .seconds(20)
        }
        let machine = ending(plan, after: begin + [(at(1), saw(member(10), inside(11)))])
        #expect(machine.handle(.timer, at: at(6)) == [.cancelTimer, .observe])
        #expect(machine.handle(saw(member(10), inside(11)), at: at(6)) == [.setTimer(at(7)), .killCgroup])
    }

    @Test func membersAreListedBeforeTheOneWrite() {
        let machine = ending(Self.plan, after: begin)
        #expect(machine.handle(.hurry, at: at(1)) == [.cancelTimer, .observe])
        #expect(machine.handle(saw(inside(11)), at: at(1)) == [.setTimer(at(2)), .killCgroup])
    }
}
