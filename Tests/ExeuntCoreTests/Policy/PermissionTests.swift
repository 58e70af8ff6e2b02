// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Who may keep what, and who may run something as whom.
struct PermissionTests {
    private func keep(
        _ user: UInt32 = 1000, program: String? = "/usr/bin/tmux", time: Duration? = nil, held: Int = 0,
        accounts: Accounts = Accounts(), _ change: (inout KeepPolicy) -> Void = { _ in }
    ) -> KeepPolicy.Answer {
        var policy = KeepPolicy()
        change(&policy)
        return policy.answer(KeepPolicy.Request(user: user, program: program, time: time, held: held), accounts)
    }

    @Test func everybodyMayKeepForAWeek() {
        #expect(keep() == .granted(.seconds(7 * 86400)))
        #expect(keep(time: .seconds(60)) == .granted(.seconds(60)))
        #expect(keep(program: nil) == .granted(.seconds(7 * 86400)))
    }

    @Test func whoMay() {
        #expect(keep { $0.allowed = [] } == .refused("Allow= of [Keep] does not name you"))
        #expect(keep { $0.allowed = [.group("students")] } == .refused("Allow= of [Keep] does not name you"))
        #expect(keep { $0.allowed = [.group("staff")] } == .granted(.seconds(7 * 86400)))
        #expect(keep { $0.denied = [.group("staff")] } == .refused("Deny=@staff of [Keep] forbids it"))
        var accounts = Accounts()
        accounts.silent = ["staff"]
        #expect(
            keep(accounts: accounts) { $0.denied = [.group("staff")] } == .refused("group staff cannot be looked up"))
    }

    @Test func whatMayBeKept() {
        let refused = KeepPolicy.Answer.refused("Exe= of [Keep] allows only /usr/bin/screen, /usr/bin/tmux")
        let only = ["/usr/bin/screen", "/usr/bin/tmux"]
        #expect(keep(program: "/usr/bin/nohup") { $0.executables = only } == refused)
        #expect(keep(program: nil) { $0.executables = only } == refused)
        #expect(keep { $0.executables = only } == .granted(.seconds(7 * 86400)))
    }

    @Test func howLongAndHowMany() {
        #expect(
            keep(time: .seconds(61)) { $0.longest = .seconds(60) } == .refused("MaxFor= of [Keep] allows at most 1min"))
        #expect(keep(held: 15) == .granted(.seconds(7 * 86400)))
        #expect(keep(held: 16) == .refused("PerUser= of [Keep] allows 16 at once, and you hold 16"))
    }

    @Test func rootIsNotBound() {
        #expect(
            keep(0, program: "/x", time: .seconds(1_000_000), held: 99) {
                $0.allowed = []
                $0.denied = [.everybody]
                $0.executables = ["/y"]
            } == .granted(.seconds(1_000_000)))
    }

    @Test(arguments: [
        (1000 as UInt32, 2001 as UInt32, "@staff:pool01"), (1002, 2001, nil), (1002, 1001, "carol:1001"),
        // A member of the group of targets, and root for all that.
        (1001, 0, nil), (1001, 2001, "@staff:pool01"), (2001, 1000, nil),
    ])
    func pairs(_ caller: UInt32, _ target: UInt32, _ expected: String?) throws {
        var policy = RunPolicy()
        policy.allowed = [
            RunPolicy.Pair(caller: .group("staff"), target: .name("pool01")),
            RunPolicy.Pair(caller: .name("carol"), target: .uid(1001)),
            RunPolicy.Pair(caller: .name("bob"), target: .group("pool")),
        ]
        #expect(try policy.pair(caller: caller, target: target, Accounts())?.description == expected)
        #expect(try RunPolicy().pair(caller: caller, target: target, Accounts()) == nil)
    }

    @Test func aPairThatCannotBeAskedIsAFailureUnlessAnotherOneAllows() throws {
        var accounts = Accounts()
        accounts.silent = ["staff"]
        var policy = RunPolicy()
        policy.allowed = [RunPolicy.Pair(caller: .group("staff"), target: .uid(5))]
        #expect(throws: LookupFailure("group staff")) { try policy.pair(caller: 1000, target: 5, accounts) }
        policy.allowed.append(RunPolicy.Pair(caller: .uid(1000), target: .uid(5)))
        #expect(try policy.pair(caller: 1000, target: 5, accounts)?.description == "1000:5")
    }
}
