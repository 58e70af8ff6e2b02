// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import LinuxSystem
import Testing

@testable import ExeuntDaemon

/// Who gets what, without a socket: these tests cannot be everybody.
@Suite struct DispatchTests {
    private func visibility(_ method: SessionsMethod, uid: UInt32, gid: UInt32 = 50, groups: [UInt32] = [])
        -> Visibility?
    {
        let peer = Peer(PeerCredentials(pid: 0, uid: uid, gid: gid, groups: groups), process: nil)
        return PermissionTable.visibility(method, peer, administrators: 77)
    }

    @Test func rootSeesAll() {
        for method in SessionsMethod.allCases where method != .keep { #expect(visibility(method, uid: 0) == .all) }
        #expect(visibility(.keep, uid: 0) == .own(0))
    }

    @Test func membersOfTheGroupSeeAll() {
        for method in [SessionsMethod.list, .show, .end, .leases, .release, .history] {
            #expect(visibility(method, uid: 1000, groups: [5, 77]) == .all)
            #expect(visibility(method, uid: 1000, gid: 77) == .all)
        }
        #expect(visibility(.open, uid: 1000, groups: [77]) == nil)
        #expect(visibility(.run, uid: 1000, groups: [77]) == .own(1000))
    }

    @Test func othersSeeTheirOwn() {
        for method in SessionsMethod.allCases where method != .open && method != .close {
            #expect(visibility(method, uid: 1000) == .own(1000))
        }
        #expect(visibility(.open, uid: 1000) == nil)
        #expect(visibility(.close, uid: 1000) == nil)
        #expect(!Visibility.own(1000).covers(owner: 1001))
    }

    @Test func withoutAGroupNobodyIsInIt() {
        let peer = Peer(PeerCredentials(pid: 0, uid: 1, gid: 0, groups: [0]), process: nil)
        #expect(PermissionTable.visibility(.list, peer, administrators: nil) == .own(1))
    }

    @Test func connectionsAreCountedByUser() {
        var limits = ControlLimits()
        limits.connections = 2
        limits.connectionsOfRoot = 3
        limits.connectionsOfOthers = 3
        var count = ConnectionCount(limits)
        #expect(count.add(1) && count.add(1) && !count.add(1))
        #expect(count.add(2) && count.isFull && !count.add(3))
        #expect(count.add(0) && count.add(0) && count.add(0) && !count.add(0))
        count.remove(1)
        #expect(!count.isFull && count.add(3))
        count.remove(9)
        #expect(count.isFull)
    }

    @Test func runIsCheckedAsFarAsItCanBe() {
        var call = RunCall(user: "anna", command: ["true"], environment: ["A=b", "B="], directory: "/")
        #expect(throws: Never.self) { try call.checked() }
        call.environment = ["=x"]
        #expect(throws: CallError.invalidParameter("environment")) { try call.checked() }
        call.environment = ["A"]
        #expect(throws: CallError.invalidParameter("environment")) { try call.checked() }
        call.environment = ["A=\0"]
        #expect(throws: CallError.invalidParameter("environment")) { try call.checked() }
        call = RunCall(user: "anna", command: ["true"], directory: "here")
        #expect(throws: CallError.invalidParameter("directory")) { try call.checked() }
        #expect(throws: CallError.invalidParameter("command")) { try RunCall(user: "a", command: ["a\0"]).checked() }
        call = RunCall(user: "anna", command: ["true"], timeLimit: .infinity)
        #expect(throws: CallError.invalidParameter("timeLimit")) { try call.checked() }
    }
}
