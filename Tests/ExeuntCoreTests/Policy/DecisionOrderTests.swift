// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Which setting decides about a session: the order is logind's.
struct DecisionOrderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var policy: SessionPolicy
        var subject: PolicySubject
        var mode: SessionDecision.Mode
        var reason: String

        init(
            _ subject: PolicySubject, _ mode: SessionDecision.Mode, _ reason: String,
            _ change: (inout SessionPolicy) -> Void = { _ in }
        ) {
            policy = ExeuntCoreTests.policy(change)
            self.subject = subject
            self.mode = mode
            self.reason = reason
        }

        var testDescription: String { "\(subject.login.user): \(reason)" }
    }

    private static let asked = subject("root") { $0.isAsked = true }
    private static let recorded = subject { $0.killProcesses = true }
    private static let unrecorded = subject { $0.killProcesses = false }

    private static let rows: [Row] = [
        // The defaults.
        Row(subject(), .end, "KillUserProcesses=yes"),
        Row(subject("root"), .spare, "KillExcludeUsers=root"),
        Row(subject(), .spare, "KillUserProcesses=no") { $0.killUserProcesses = .no },
        Row(subject(), .report, "KillUserProcesses=report") { $0.killUserProcesses = .report },
        // Who asks for it gets it.
        Row(asked, .end, "asked for"),
        Row(asked, .end, "asked for") { $0.killUserProcesses = .no },
        Row(asked, .end, "asked for") { $0.killUserProcesses = .report },
        // The user record goes before the lists.
        Row(recorded, .end, "killProcesses of the user record") {
            $0.killUserProcesses = .no
            $0.excludedUsers = [.name("alice")]
        },
        Row(unrecorded, .spare, "killProcesses of the user record") { $0.onlyUsers = [.name("alice")] },
        Row(recorded, .report, "killProcesses of the user record, KillUserProcesses=report") {
            $0.killUserProcesses = .report
        },
        // Then the excluded ones.
        Row(subject(), .spare, "KillExcludeUsers=@staff") {
            $0.excludedUsers = [.name("carol"), .group("staff")]
            $0.onlyUsers = [.name("alice")]
        },
        Row(subject(), .spare, "KillExcludeUsers=1000") { $0.excludedUsers = [.uid(1000)] },
        Row(subject(), .spare, "KillExcludeUsers=*") { $0.excludedUsers = [.everybody] },
        // To set the list drops the implied root.
        Row(subject("root"), .end, "KillUserProcesses=yes") { $0.excludedUsers = [] },
        Row(subject("root"), .end, "KillUserProcesses=yes") { $0.excludedUsers = [.name("alice")] },
        // A list of some ends those, whatever KillUserProcesses= says, and no others.
        Row(subject(), .end, "KillOnlyUsers=alice") {
            $0.onlyUsers = [.group("students"), .name("alice")]
            $0.killUserProcesses = .no
        },
        Row(subject("bob"), .spare, "not in KillOnlyUsers=") { $0.onlyUsers = [.name("alice")] },
        Row(subject("root"), .spare, "KillExcludeUsers=root") { $0.onlyUsers = [.name("root")] },
        Row(subject(), .report, "KillOnlyUsers=alice, KillUserProcesses=report") {
            $0.onlyUsers = [.name("alice")]
            $0.killUserProcesses = .report
        },
        // What comes from logind says so.
        Row(subject(), .spare, "KillUserProcesses=no (logind.conf)") {
            $0.killUserProcesses = .no
            $0.fromLogind = [.killUserProcesses]
        },
        Row(subject(), .spare, "not in KillOnlyUsers= (logind.conf)") {
            $0.onlyUsers = [.name("bob")]
            $0.fromLogind = [.killOnlyUsers]
        },
        Row(subject(), .spare, "KillExcludeUsers=alice (logind.conf)") {
            $0.excludedUsers = [.name("alice")]
            $0.fromLogind = Set(SessionPolicy.Key.allCases)
        },
    ]

    @Test(arguments: rows) func whatDecides(_ row: Row) {
        let decision = row.policy.decide(row.subject, Accounts())
        #expect(decision.mode == row.mode)
        #expect(decision.reason == row.reason)
    }

    @Test(arguments: [
        (SessionClass.greeter, SessionDecision.Mode.spare, "KillUserProcesses=no of [Class greeter]"),
        (.background, .end, "KillUserProcesses=yes of [Class background]"),
        (.user, .report, "KillUserProcesses=report"),
    ])
    func aClassHasItsOwnLastWord(_ sessionClass: SessionClass, _ mode: SessionDecision.Mode, _ reason: String) {
        let policy = policy {
            $0.killUserProcesses = .report
            $0.classes[.greeter] = ClassPolicy(killing: .no)
            $0.classes[.background] = ClassPolicy(killing: .yes)
            $0.classes[.user] = ClassPolicy()
        }
        let decision = policy.decide(subject { $0.login.sessionClass = sessionClass }, Accounts())
        #expect(decision.mode == mode)
        #expect(decision.reason == reason)
    }

    @Test func listsGoBeforeAClass() {
        let policy = policy {
            $0.classes[.user] = ClassPolicy(killing: .no)
            $0.onlyUsers = [.name("alice")]
        }
        #expect(policy.decide(subject(), Accounts()).mode == .end)
    }

    @Test func aListThatCannotBeAskedKillsNobody() {
        var accounts = Accounts()
        accounts.silent = ["staff"]
        let excluding = policy { $0.excludedUsers = [.group("staff"), .name("root")] }
        let found = excluding.decide(subject(), accounts)
        #expect(found.mode == .report)
        #expect(found.reason == "KillExcludeUsers=: group staff cannot be looked up")
        // Where another word decides, nobody has to know.
        #expect(excluding.decide(subject("root"), accounts).mode == .spare)
        let only = policy { $0.onlyUsers = [.group("staff"), .name("carol")] }
        #expect(only.decide(subject(), accounts).reason == "KillOnlyUsers=: group staff cannot be looked up")
        #expect(only.decide(subject("carol"), accounts).mode == .end)
        #expect(only.decide(subject { $0.isAsked = true }, accounts).mode == .end)
    }

    /// logind compares names, so that the owner's is known even while nobody answers.
    @Test func theOwnersNameIsKnown() {
        var accounts = Accounts()
        accounts.silent = ["alice", "root"]
        let policy = policy { $0.excludedUsers = [.name("root"), .name("alice")] }
        #expect(policy.decide(subject(), accounts).reason == "KillExcludeUsers=alice")
    }

    /// Several names can have one number.
    @Test func anotherNameOfTheOwnerIsTheOwner() {
        var accounts = Accounts()
        accounts.users["toor"] = 0
        let toor = subject("toor") { $0.owner = 0 }
        #expect(SessionPolicy().decide(toor, accounts).mode == .spare)
    }
}

extension ClassPolicy {
    fileprivate init(killing policy: KillPolicy) {
        self.init()
        killUserProcesses = policy
    }
}
