// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import Testing

@testable import ExeuntReports

@Suite struct MemberTreeTests {
    private static func member(_ pid: Int32, _ parent: Int32, _ startTime: UInt64) -> MemberDescription {
        MemberDescription(
            pid: pid, startTime: startTime, parent: parent, name: "x", evidence: ["cgroup"], action: .end)
    }

    private static func shape(_ members: [MemberDescription]) -> [String] {
        MemberTree(members).entries.map { String(repeating: ">", count: $0.depth) + String($0.member.pid) }
    }

    @Test func childrenFollowTheirParent() {
        let members = [(30, 20, 3), (20, 1, 2), (40, 20, 2), (50, 30, 9), (10, 1, 7)].map(Self.member)
        #expect(Self.shape(members) == ["20", ">40", ">30", ">>50", "10"])
    }

    @Test func aCircleIsShownOnce() {
        let members = [(10, 20, 1), (20, 10, 2), (30, 30, 3), (40, 30, 4)].map(Self.member)
        #expect(Self.shape(members) == ["10", ">20", "30", ">40"])
    }

    @Test func aLongChain() {
        let members = (2...20_000).map { Self.member($0, $0 - 1, UInt64($0)) }
        #expect(MemberTree(members).entries.last?.depth == 19_998)
    }
}
