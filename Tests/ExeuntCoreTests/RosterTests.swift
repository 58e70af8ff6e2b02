// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntCore

struct RosterTests {
    @Test func aProcessIsEnteredOnceWithAllItsEvidence() {
        var roster = Roster()
        let isNew = roster.enter(member(11, evidence: .cgroup))
        let isNewAgain = roster.enter(member(11, evidence: .mark, state: "D"))
        #expect(isNew && !isNewAgain)
        #expect(roster.members.count == 1)
        #expect(roster[identity(11)]?.process.evidence == [.cgroup, .mark])
        #expect(roster[identity(11)]?.process.state == UInt8(ascii: "D"))
        #expect(roster[identity(12)] == nil)
    }

    @Test func departingAndComingBack() {
        var roster = Roster()
        roster.enter(member(11))
        roster.enter(member(12))
        roster.keepOnly([identity(12)], at: at(3))
        #expect(roster.remaining == 1)
        #expect(roster[identity(11)]?.outcome == .exited)
        #expect(roster[identity(11)]?.goneAt == at(3))
        roster.enter(member(11))
        #expect(roster.remaining == 2)
        #expect(roster[identity(11)]?.outcome == .pending)
        #expect(roster[identity(11)]?.isGone == false)
    }

    @Test func departingKeepsTheFirstMoment() {
        var roster = Roster()
        roster.enter(member(11))
        roster.update(identity(11)) { $0.lastSignal = .hup }
        roster.update(identity(11)) { $0.depart(at: at(3)) }
        roster.update(identity(11)) { $0.lastSignal = .kill }
        roster.update(identity(11)) { $0.depart(at: at(4)) }
        #expect(roster[identity(11)]?.outcome == .ended(by: .hup))
        #expect(roster[identity(11)]?.goneAt == at(3))
    }

    @Test func capacityIsKeptAndEveryOmittedProcessCountedOnce() {
        var roster = Roster()
        let all = (1...Int32(Roster.capacity) + 3).map { member($0) }
        for _ in 0..<3 {
            for process in all { roster.enter(process) }
            roster.keepOnly(Set(all.map(\.identity)), at: at(1))
        }
        #expect(roster.members.count == Roster.capacity)
        #expect(roster.omitted == 3)
        #expect(roster.remaining == Roster.capacity)
        roster.keepOnly([], at: at(2))
        #expect(roster.remaining == 0)
    }

    @Test func anEndingThatKilledMoreThanTheRosterHoldsSaysSo() {
        let machine = Machine(.plain())
        let all = (1...Int32(Roster.capacity) + 1).map { member($0 + 100) }
        machine.handle(.begin(leader: nil, told: nil), at: at(1))
        machine.handle(.observed(Observation(members: all, isCertain: false)), at: at(1))
        machine.handle(told([.term], 101), at: at(1))
        machine.handle(.observed(Observation(members: all.suffix(1), isCertain: false)), at: at(6))
        machine.handle(.observed(Observation(members: all.suffix(1), isCertain: false)), at: at(6))
        machine.handle(saw(certain: true), at: at(6))
        #expect(machine.state == .ended(.killed))
        #expect(machine.roster.omitted == 1)
    }
}
