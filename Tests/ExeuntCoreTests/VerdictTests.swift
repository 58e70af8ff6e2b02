// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntCore

struct VerdictTests {
    private func verdict(_ outcomes: [MemberOutcome], leader: MemberOutcome? = nil) -> Verdict {
        var roster = Roster()
        for (index, outcome) in outcomes.enumerated() {
            roster.enter(member(Int32(index) + 20))
            roster.update(identity(Int32(index) + 20)) { $0.outcome = outcome }
        }
        if let leader {
            roster.enter(member(10))
            roster.update(identity(10)) { $0.outcome = leader }
        }
        return Verdict(of: roster, leader: identity(10))
    }

    @Test func nobodyIsClean() { #expect(verdict([]) == .clean) }

    @Test func theWorstOutcomeDecides() {
        let rising: [(MemberOutcome, Verdict)] = [
            (.exited, .left), (.ended(by: .term), .left), (.killed, .killed), (.kept, .kept), (.reported, .reported),
            (.survived(why: "no"), .survivors),
        ]
        for (index, (outcome, expected)) in rising.enumerated() {
            #expect(verdict([outcome]) == expected)
            #expect(verdict(rising[...index].map(\.0).reversed()) == expected)
        }
    }

    @Test func somebodyUndecidedIsASurvivor() { #expect(verdict([.pending]) == .survivors) }

    @Test func aLeaderThatWentWhenAskedWasNotLeftOver() {
        #expect(verdict([], leader: .exited) == .clean)
        #expect(verdict([], leader: .ended(by: .term)) == .clean)
        #expect(verdict([], leader: .killed) == .killed)
        #expect(verdict([.exited], leader: .ended(by: .term)) == .left)
    }

    @Test func wordsAreThoseOfTheRecord() {
        #expect(Verdict.allCases.map(\.rawValue) == ["clean", "left", "killed", "kept", "reported", "survivors"])
        #expect(
            EndingReason.allCases.map(\.rawValue) == [
                "payload-exited", "closed", "leader-exited", "transport-gone", "lease-expired", "requested",
                "time-limit", "supervisor-exited",
            ])
    }
}
