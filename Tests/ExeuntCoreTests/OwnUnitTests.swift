// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Members that a service manager has moved into units of their own.
struct OwnUnitTests {
    private let keeping = Ruling(.keep, rule: "OwnUnits=keep")
    private let ending = Ruling(.end, rule: "OwnUnits=end")
    private let everybody = Rule(name: "all", action: .report)

    private func moved(_ pid: Int32, parent: Int32 = 2, program: UInt64? = nil) -> ObservedProcess {
        var process = member(pid, parent: parent, program: program, evidence: .audit)
        process.isInOwnUnit = true
        return process
    }

    private func inside(_ pid: Int32) -> ObservedProcess { member(pid, evidence: [.cgroup, .audit]) }

    private func decide(_ members: [ObservedProcess], rules: [Rule], _ ownUnits: Ruling?) -> [Ruling] {
        var book = RuleBook(rules: rules, ownUnits: ownUnits)
        return book.decide(members)
    }

    @Test(arguments: [[Rule](), [Rule(name: "all", action: .report)]]) func theirSettingGoesBeforeRules(_ rules: [Rule])
    {
        #expect(decide([moved(11)], rules: rules, keeping) == [keeping])
    }

    @Test func whoHasStayedIsDecidedAboutByItself() {
        let members = [moved(11), member(12, parent: 11), moved(13, parent: 12)]
        #expect(decide(members, rules: [], keeping) == [keeping, Ruling(.end), keeping])
        #expect(
            decide(members, rules: [keepRule], keeping) == [keeping, Ruling(.end), keeping])
        let below = [member(11, program: 7), moved(12, parent: 11), member(13, parent: 12)]
        let kept = Ruling(.keep, rule: "keep")
        #expect(decide(below, rules: [keepRule], keeping) == [kept, keeping, kept])
    }

    @Test func whereItIsRefusedTheyAreLikeOthers() {
        #expect(decide([moved(11)], rules: [], ending) == [Ruling(.end)])
        #expect(decide([moved(11, program: 7)], rules: [keepRule], ending) == [Ruling(.keep, rule: "keep")])
        #expect(decide([moved(11)], rules: [], nil) == [Ruling(.end)])
    }

    @Test func allOfTheGroupIsKilledAtOnceAllTheSame() {
        let plan = EndingPlan.plain(cgroup: true).with { $0.ownUnits = keeping }
        let machine = ExeuntCoreTests.ending(
            plan, after: [(at(1), .begin(leader: nil, told: nil)), (at(1), saw(inside(11), moved(12)))])
        #expect(machine.handle(.hurry, at: at(1)).contains(.killCgroup))
        machine.handle(.cgroupKilled(failure: nil), at: at(1))
        machine.handle(saw(moved(12)), at: at(1))
        #expect(machine.handle(saw(moved(12)), at: at(1)) == [.cancelTimer, .finish(.kept)])
        #expect(machine.roster[identity(11)]?.outcome == .killed)
        #expect(machine.roster[identity(12)]?.outcome == .kept)
        #expect(machine.roster[identity(12)]?.lastSignal == nil)
        #expect(machine.roster[identity(12)]?.rule == "OwnUnits=keep")
    }

    /// The leader's process group goes along where somebody has been moved out.
    @Test func noProcessGroupIsKilledInWhichTheyMayBe() {
        let plan = EndingPlan.plain().with { $0.ownUnits = keeping }
        #expect(!plan.sparesNobody && plan.sparesNobodyInside)
        #expect(plan.with { $0.ownUnits = ending }.sparesNobody)
        let machine = ExeuntCoreTests.ending(
            plan, after: [(at(1), .begin(leader: nil, told: nil)), (at(1), .hurry)])
        var actions: [EndingAction] = []
        for pid in Int32(20)...40 { actions += machine.handle(saw(moved(12), inside(pid)), at: at(1)) }
        #expect(!actions.contains(.killLeaderGroup))
    }
}
