// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// From the administrator's rules to those of one ending.
struct RuleMakingTests {
    private let tmux = ExecutableIdentity(device: 1, inode: 7)

    private func rules(
        _ rules: SessionRule..., for subject: PolicySubject = subject(), users: Set<UInt32> = [],
        accounts: Accounts = Accounts()
    ) -> [Rule] {
        let policy = policy { $0.rules = rules }
        return policy.rules(for: subject, policy.decide(subject, accounts), users: users, accounts) { path in
            path == "/usr/bin/tmux" ? tmux : nil
        }
    }

    @Test func aSparedSessionHasOneRule() {
        let made = rules(rule { $0.action = .end }, for: subject("root"))
        #expect(made == [.keepAll("KillExcludeUsers=root")])
    }

    @Test func whatDoesNotFitTheSessionIsLeftOut() {
        let made = rules(
            rule("a") { $0.services = [ShellPattern("cron")] }, rule("b") { $0.services = [ShellPattern("sshd")] })
        #expect(made == [Rule(name: "b", action: .end)])
    }

    @Test func everythingAboutProcessesArrives() {
        let made = rules(
            rule {
                $0.executables = ["/usr/bin/tmux", "/opt/gone"]
                $0.minimumAge = .seconds(5)
                $0.action = .keep
                $0.lasting = .seconds(60)
            })
        let programs = Rule.Programs(identities: [tmux], paths: [Array("/usr/bin/tmux".utf8), Array("/opt/gone".utf8)])
        #expect(
            made == [
                Rule(
                    name: "r", action: .keep, programs: programs, minimumAge: .seconds(5), lasting: .seconds(60))
            ])
        #expect(made.askForPrograms && made.askForPaths && made.askForAges)
        #expect(![keepRule].askForAges && ![keepRule].askForPaths && [keepRule].askForPrograms)
        #expect(![Rule.keepAll("x")].askForPrograms)
    }

    @Test func usersAreResolved() {
        let named = rule { $0.users = [.name("bob"), .uid(77), .name("nobody-at-all")] }
        #expect(rules(named).first?.owners == [1001, 77])
        let grouped = rule { $0.users = [.group("staff")] }
        #expect(rules(grouped).first?.owners == [1000])
        #expect(rules(grouped, users: [1001, 1002]).first?.owners == [1000, 1001])
        #expect(rules(rule { $0.groups = ["pool"] }, users: [2001]).first?.owners == [0, 2001])
        #expect(rules(rule { $0.users = [.everybody] }, users: [1002]).first?.owners == [0, 1000, 1002])
        let both = rule {
            $0.users = [.name("carol"), .name("bob")]
            $0.groups = ["staff"]
        }
        #expect(rules(both).first?.owners == [1001])
        #expect(rules(rule { $0.users = [.group("students")] }).isEmpty)
    }

    /// Whoever cannot be looked up is spared by what would spare, and not ended by what would end.
    @Test func doubtSpares() {
        var accounts = Accounts()
        accounts.silent = ["students"]
        let end = rule("end") { $0.groups = ["students"] }
        let keep = rule("keep") {
            $0.groups = ["students"]
            $0.action = .keep
        }
        let made = rules(end, keep, accounts: accounts)
        #expect(made == [Rule(name: "keep", action: .keep, owners: [0, 1000])])
    }

    @Test func whetherGroupsAreNamed() {
        #expect(policy { $0.rules = [rule { $0.users = [.group("staff")] }] }.rulesNameGroups)
        #expect(policy { $0.rules = [rule { $0.groups = ["staff"] }] }.rulesNameGroups)
        #expect(!policy { $0.rules = [rule { $0.users = [.name("alice")] }] }.rulesNameGroups)
    }
}
