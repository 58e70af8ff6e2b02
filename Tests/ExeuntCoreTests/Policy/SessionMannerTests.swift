// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Ladder, bound and trackers of a session: a rule's, else its class's, else those of all.
struct SessionMannerTests {
    private let quick = Ladder(rungs: [])
    private let slow = Ladder(rungs: [Ladder.Rung(signals: [.hup], grace: .seconds(60))])

    private func of(_ policy: SessionPolicy, _ subject: PolicySubject = subject()) -> SessionDecision {
        policy.decide(subject, Accounts())
    }

    @Test func theDefaults() {
        let decision = of(SessionPolicy())
        #expect(decision.ladder.description == "CONT HUP TERM 10s KILL")
        #expect(decision.unkillable == .seconds(15))
        #expect(decision.trackers == [.cgroup, .audit])
    }

    @Test func aClassHasItsOwn() {
        let policy = policy {
            $0.classes[.background] = ClassPolicy()
            $0.classes[.background]?.ladder = quick
            $0.classes[.background]?.trackers = [.cgroup]
        }
        let background = of(policy, subject { $0.login.sessionClass = .background })
        #expect(background.ladder == quick)
        #expect(background.trackers == [.cgroup])
        #expect(background.unkillable == .seconds(15))
        #expect(of(policy).ladder == .login)
    }

    @Test func eachIsTakenFromTheFirstRuleThatHasIt() {
        let policy = policy {
            $0.classes[.user] = ClassPolicy()
            $0.classes[.user]?.ladder = slow
            $0.rules = [
                rule { $0.executables = ["/usr/bin/tmux"] },
                rule {
                    $0.services = [ShellPattern("cron")]
                    $0.unkillable = .seconds(1)
                },
                rule {
                    $0.services = [ShellPattern("ssh*")]
                    $0.ladder = quick
                },
                rule {
                    $0.ladder = slow
                    $0.unkillable = .seconds(2)
                    $0.trackers = [.user]
                },
            ]
        }
        let decision = of(policy)
        #expect(decision.ladder == quick)
        #expect(decision.unkillable == .seconds(2))
        #expect(decision.trackers == [.user])
    }

    @Test func unitsOfTheirOwnAreKeptUnlessSomebodySaysOtherwise() {
        #expect(of(SessionPolicy()).ownUnits == Ruling(.keep, rule: "OwnUnits=keep"))
        let policy = policy {
            $0.ownUnits = .end
            $0.classes[.background] = ClassPolicy()
            $0.classes[.background]?.ownUnits = .report
            $0.classes[.greeter] = ClassPolicy()
            $0.rules = [
                rule("staff") {
                    $0.users = [.name("bob")]
                    $0.ownUnits = .keep
                }
            ]
        }
        #expect(of(policy).ownUnits == Ruling(.end, rule: "OwnUnits=end"))
        #expect(of(policy, subject { $0.login.sessionClass = .greeter }).ownUnits.action == .end)
        let background = Ruling(.report, rule: "OwnUnits=report of [Class background]")
        #expect(of(policy, subject { $0.login.sessionClass = .background }).ownUnits == background)
        #expect(of(policy, subject("bob")).ownUnits == Ruling(.keep, rule: "OwnUnits=keep of [Rule staff]"))
    }

    @Test func forASessionARulesUsersAreItsOwners() {
        let policy = policy {
            $0.rules = [
                rule {
                    $0.users = [.name("bob"), .group("students")]
                    $0.groups = ["students"]
                    $0.ladder = quick
                }
            ]
        }
        #expect(of(policy, subject("carol")).ladder == quick)
        #expect(of(policy, subject("bob")).ladder == .login)
        #expect(of(policy).ladder == .login)
    }

    @Test func ofWhomNothingIsKnownNothingIsChanged() {
        var accounts = Accounts()
        accounts.silent = ["staff"]
        let policy = policy {
            $0.rules = [
                rule {
                    $0.groups = ["staff"]
                    $0.ladder = quick
                }
            ]
        }
        #expect(policy.decide(subject(), Accounts()).ladder == quick)
        #expect(policy.decide(subject(), accounts).ladder == .login)
    }
}
