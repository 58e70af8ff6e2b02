// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Endings in a control group, where one write kills all.
struct EndingCgroupTests {
    private func inside(_ pid: Int32) -> ObservedProcess { member(pid, evidence: [.cgroup, .descent]) }

    private func killing(_ events: (Instant, EndingEvent)...) -> Machine {
        let start: [(Instant, EndingEvent)] = [(at(1), .begin(leader: nil, told: nil)), (at(1), saw(inside(11)))]
        return ending(.plain(cgroup: true), after: start + [(at(1), .hurry)] + events)
    }

    @Test func everybodyInsideIsNotedAsKilled() {
        let machine = killing((at(1), .cgroupKilled(failure: nil)))
        #expect(machine.roster[identity(11)]?.lastSignal == .kill)
        machine.handle(saw(certain: true), at: at(2))
        #expect(machine.state == .ended(.killed))
        #expect(machine.roster[identity(11)]?.outcome == .killed)
    }

    @Test func whoeverWasNeverSeenIsRecordedWhenItIsReaped() {
        let machine = killing((at(1), .cgroupKilled(failure: nil)), (at(1), .exited(inside(12), killed: true)))
        machine.handle(saw(certain: true), at: at(2))
        #expect(machine.roster[identity(12)]?.outcome == .killed)
    }

    @Test func whomTheWriteHasNotReachedIsKilledByItself() {
        let machine = killing((at(1), .cgroupKilled(failure: nil)))
        #expect(machine.handle(saw(inside(11)), at: at(2)) == [.signal([.kill], [identity(11)])])
        machine.handle(.signalled([.kill], [.init(identity: identity(11), result: .delivered)]), at: at(2))
        #expect(machine.handle(saw(inside(11)), at: at(2)) == [.setTimer(at(3))])
    }

    @Test func newcomersInsideGetAnotherWrite() {
        let machine = killing((at(1), .cgroupKilled(failure: nil)))
        #expect(machine.handle(saw(inside(11), inside(12)), at: at(1)) == [.setTimer(at(2)), .killCgroup])
    }

    @Test func whoeverHasLeftTheGroupIsKilledByItself() {
        let machine = killing((at(1), .cgroupKilled(failure: nil)))
        #expect(machine.handle(saw(member(11)), at: at(1)) == [.signal([.kill], [identity(11)])])
    }

    @Test func aFailedWriteLeadsToSingleSignals() {
        let machine = killing((at(1), .cgroupKilled(failure: "write cgroup.kill: no such file [ENOENT]")))
        #expect(machine.roster[identity(11)]?.lastSignal == nil)
        #expect(machine.handle(saw(inside(11)), at: at(1)) == [.signal([.kill], [identity(11)])])
    }

    @Test func theTimerStaysInsideTheBound() {
        let plan = EndingPlan.plain(cgroup: true).with { $0.unkillable = .milliseconds(30) }
        let machine = ending(plan, after: [(at(1), .begin(leader: nil, told: nil))])
        #expect(machine.handle(.hurry, at: at(1)) == [.setTimer(at(1, 30)), .killCgroup])
    }

    @Test func theLastCallAfterTheBoundReachesInsideAndOutside() {
        let machine = killing((at(1), .cgroupKilled(failure: nil)))
        let look = saw(inside(12), member(13))
        #expect(machine.handle(look, at: at(4)) == [.setTimer(at(3)), .killCgroup])
        #expect(machine.handle(look, at: at(4)) == [.signal([.kill], [identity(12), identity(13)])])
        #expect(machine.handle(look, at: at(4)) == [.cancelTimer, .finish(.survivors)])
    }

    @Test func newcomersInsideDoNotKeepTheLastCallFromThoseOutside() {
        let machine = killing((at(1), .cgroupKilled(failure: nil)))
        #expect(machine.handle(saw(inside(12), member(13)), at: at(4)) == [.setTimer(at(3)), .killCgroup])
        let look = saw(inside(12), inside(14), member(13))
        #expect(machine.handle(look, at: at(4)) == [.signal([.kill], [identity(12), identity(13)])])
        #expect(machine.handle(look, at: at(4)) == [.cancelTimer, .finish(.survivors)])
    }

    private let unseen = EndingEvent.observed(Observation(members: [], isCertain: false, hasUnseen: true))

    @Test func whoeverIsTooFastToBeSeenIsKilledByTheOneWrite() {
        let plan = EndingPlan.plain(cgroup: true).with { $0.looksBeforeKill = true }
        let machine = ending(plan, after: [(at(1), .begin(leader: nil, told: nil)), (at(1), .hurry)])
        #expect(machine.handle(unseen, at: at(1)) == [.setTimer(at(1, 10)), .killCgroup])
        machine.handle(.cgroupKilled(failure: nil), at: at(1))
        machine.handle(saw(certain: true), at: at(1, 10))
        #expect(machine.state == .ended(.killed))
    }

    @Test func aLeaderThatHasLeftKeepsNobodyFromBeingKilled() {
        let plan = EndingPlan.plain(cgroup: true).with {
            $0.looksBeforeKill = true
            $0.leaderStaysInside = true
            $0.leaderLeaves = .seconds(5)
        }
        let machine = ending(plan, after: [(at(1), .begin(leader: identity(10), told: nil)), (at(1), saw(inside(10)))])
        machine.handle(saw(inside(10)), at: at(1))
        #expect(machine.state == .vacant(until: at(6)))
        // It has gone, and somebody is there whom no look shows.
        machine.handle(unseen, at: at(2))
        #expect(machine.handle(.hurry, at: at(2)).contains(.observe))
        #expect(machine.handle(unseen, at: at(2)).last == .killCgroup)
    }
}
