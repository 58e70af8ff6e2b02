// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Endings in which a rule spares somebody.
struct EndingRuleTests {
    private let plan = EndingPlan.plain(cgroup: true).with { $0.rules = [keepRule] }
    private let kept = member(11, program: 7)
    private let other = member(12, program: 8)

    private func begun(_ events: (Instant, EndingEvent)...) -> Machine {
        ending(plan, after: [(at(1), .begin(leader: nil, told: nil))] + events)
    }

    @Test func nobodyIsToldAfterOneListing() {
        let machine = begun()
        #expect(machine.handle(saw(kept, other), at: at(1)) == [.observe])
        #expect(machine.handle(saw(kept, other), at: at(1)) == [.signal([.term], [identity(12)])])
    }

    @Test func theEndingIsOverWhenOnlyTheSparedAreLeft() {
        let machine = begun((at(1), saw(kept, other)), (at(1), saw(kept, other)), (at(1), told([.term], 12)))
        #expect(machine.handle(.exited(other, killed: false), at: at(2)) == [.observe])
        #expect(machine.handle(saw(kept), at: at(2)) == [.observe])
        #expect(machine.handle(saw(kept), at: at(2)) == [.cancelTimer, .finish(.kept)])
        #expect(machine.roster[identity(11)]?.outcome == .kept)
        #expect(machine.roster[identity(12)]?.outcome == .ended(by: .term))
        #expect(machine.emptied == at(2))
    }

    @Test func noGroupIsKilledAtOnce() {
        let machine = begun((at(1), saw(kept, other)))
        #expect(machine.handle(.hurry, at: at(1)) == [.cancelTimer, .observe])
        var actions: [EndingAction] = []
        for pid in Int32(20)...40 {
            actions += machine.handle(saw(kept, member(pid, program: 8)), at: at(1))
        }
        #expect(!actions.contains(.killCgroup))
        #expect(!actions.contains(.killLeaderGroup))
        #expect(
            !actions.contains {
                if case .signal(_, let receivers) = $0 { receivers.contains(identity(11)) } else { false }
            })
    }

    @Test func somebodyElsesKillOfASparedProcessIsNotOurs() {
        let machine = begun((at(1), saw(kept, other)), (at(1), .hurry), (at(1), saw(kept, other)))
        machine.handle(.exited(kept, killed: true), at: at(1))
        machine.handle(.exited(member(30), killed: true), at: at(1))
        #expect(machine.roster[identity(11)]?.outcome == .exited)
        #expect(machine.roster[identity(30)] == nil)
    }

    @Test func aRuleMayOnlyReport() {
        let rule = Rule(name: "note", executable: ExecutableIdentity(device: 1, inode: 7), action: .report)
        let machine = ending(plan.with { $0.rules = [rule] }, after: [(at(1), .begin(leader: nil, told: nil))])
        machine.handle(saw(kept), at: at(1))
        #expect(machine.handle(saw(kept), at: at(1)) == [.cancelTimer, .finish(.reported)])
    }

    @Test func theRuleIsNoted() {
        let machine = begun((at(1), saw(kept, other)), (at(1), saw(kept, other)))
        #expect(machine.roster[identity(11)]?.rule == "keep")
        #expect(machine.roster[identity(12)]?.rule == nil)
    }

    @Test func aSparedSessionIsOverAtOnce() {
        let spared = plan.with { $0.rules = [.keepAll("KillUserProcesses=no")] }
        let machine = ending(spared, after: [(at(1), .begin(leader: nil, told: nil))])
        machine.handle(saw(kept, other), at: at(1))
        #expect(machine.handle(saw(kept, other), at: at(1)) == [.cancelTimer, .finish(.kept)])
        #expect(machine.roster[identity(12)]?.rule == "KillUserProcesses=no")
    }
}
