// SPDX-License-Identifier: Apache-2.0
import LinuxSystem
import Testing

@testable import ExeuntEngine

@Suite struct PayloadIdentityTests {
    private static let isRoot = CurrentProcess.effectiveUID == 0

    @Test(.enabled(if: !isRoot, "only for an ordinary user")) func onlyRootMayAsk() {
        #expect(throws: IdentityError.notPermitted) {
            try PayloadIdentity.resolve(user: "root", group: nil, supplementary: nil)
        }
    }

    @Test(.enabled(if: isRoot, "privilege: becomes somebody else")) func namesAndNumbers() throws {
        let root = try PayloadIdentity.resolve(user: "root", group: nil, supplementary: nil)
        #expect(root.credentials.uid == 0)
        #expect(root.credentials.groups.contains(0))
        #expect(try PayloadIdentity.resolve(user: "0", group: nil, supplementary: nil) == root)
        let other = try PayloadIdentity.resolve(user: "root", group: "64778", supplementary: ["64779", "root"])
        #expect(other.credentials == Credentials(uid: 0, gid: 64_778, groups: [64_779, 0]))
        let caller = try PayloadIdentity.resolve(user: nil, group: "64778", supplementary: [])
        #expect(caller.credentials == Credentials(uid: 0, gid: 64_778))
    }

    @Test(.enabled(if: isRoot, "privilege: becomes somebody else")) func aNumberWithoutAnAccount() throws {
        #expect(throws: IdentityError.noPrimaryGroup(uid: 64_777)) {
            try PayloadIdentity.resolve(user: "64777", group: nil, supplementary: nil)
        }
        let found = try PayloadIdentity.resolve(user: "64777", group: "64778", supplementary: nil)
        #expect(found.credentials == Credentials(uid: 64_777, gid: 64_778))
        #expect(found.account.name == "64777")
        #expect(found.account.home == Array("/".utf8))
    }

    @Test(.enabled(if: isRoot, "privilege: becomes somebody else"))
    func whatIsNobody() {
        for name in ["", "no-such-user", "-1", "+0", "4294967295", "4294967296", "0x0", "root ", "\u{661}"] {
            #expect(throws: IdentityError.noSuchUser(name)) {
                try PayloadIdentity.resolve(user: name, group: nil, supplementary: nil)
            }
            #expect(throws: IdentityError.noSuchGroup(name)) {
                try PayloadIdentity.resolve(user: "root", group: name, supplementary: nil)
            }
            #expect(throws: IdentityError.noSuchGroup(name)) {
                try PayloadIdentity.resolve(user: "root", group: nil, supplementary: ["0", name])
            }
        }
    }

    @Test func daysAreDates() {
        let dates = [
            0: "1970-01-01", 18_321: "2020-02-29", 18_322: "2020-03-01", 20_778: "2026-11-21", -1: "1969-12-31",
        ]
        for (day, text) in dates { #expect(CivilDay.text(day) == text) }
        #expect(IdentityError.expired(user: "a", day: 0).description.hasSuffix("1970-01-01"))
    }
}
