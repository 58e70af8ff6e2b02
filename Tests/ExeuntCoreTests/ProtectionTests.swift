// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

struct ProtectionTests {
    private let protection = Protection(exempt: [identity(5), identity(6)], owner: 1000)

    @Test(arguments: [Evidence.cgroup, .descent, .audit])
    func strongEvidenceCountsForEverybody(evidence: Evidence) {
        #expect(protection.admits(member(11, owner: 1000, evidence: evidence)))
        #expect(protection.admits(member(11, owner: 0, evidence: evidence)))
        #expect(protection.admits(member(11, owner: nil, evidence: evidence)))
        #expect(protection.admits(member(11, evidence: [evidence, .mark]), otherSession: true))
    }

    @Test(arguments: [Evidence.mark, .group, .user, [.mark, .group]])
    func weakEvidenceCountsForTheOwnerAlone(evidence: Evidence) {
        #expect(protection.admits(member(11, owner: 1000, evidence: evidence)))
        #expect(!protection.admits(member(11, owner: 0, evidence: evidence)))
        #expect(!protection.admits(member(11, owner: 1001, evidence: evidence)))
        #expect(!protection.admits(member(11, owner: nil, evidence: evidence)))
        #expect(!protection.admits(member(11, owner: 1000, evidence: evidence), otherSession: true))
    }

    @Test func nobodyIsAMemberWithoutEvidence() { #expect(!protection.admits(member(11, evidence: []))) }

    @Test(arguments: [0, 1, -1] as [Int32])
    func neverTheFirstProcess(pid: Int32) { #expect(!protection.admits(member(pid, evidence: .cgroup))) }

    @Test func neverExeuntOrWhoeverCalledIt() {
        #expect(!protection.admits(member(5, evidence: [.cgroup, .descent, .mark])))
        #expect(protection.admits(member(5, evidence: .cgroup, start: 2)))
    }

    @Test func neverAThreadOfTheKernel() {
        var thread = member(11, evidence: .cgroup)
        thread.isKernelThread = true
        #expect(!protection.admits(thread))
    }
}
