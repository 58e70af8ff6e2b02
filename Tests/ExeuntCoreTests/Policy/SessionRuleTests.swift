// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

struct SessionRuleTests {
    private static let graphic = LoginFacts(
        user: "alice", sessionClass: .user, type: .x11, service: "lightdm", tty: "tty7", display: ":0")
    private static let remote = LoginFacts(
        user: "alice", type: .tty, service: "sshd", tty: "/dev/pts/3", remoteHost: "Lab7.Example.org")
    private static let cron = LoginFacts(user: "alice", sessionClass: .background, service: "cron", tty: "cron")

    /// What fits: graphic, remote, cron.
    private static let table: [(SessionRule, [Bool])] = [
        (rule { _ in }, [true, true, true]),
        (rule { $0.classes = [.background] }, [false, false, true]),
        (rule { $0.classes = [.greeter, .user] }, [true, true, false]),
        (rule { $0.types = [.x11, .wayland] }, [true, false, false]),
        (rule { $0.types = [.unspecified] }, [false, false, true]),
        (rule { $0.services = [ShellPattern("sshd"), ShellPattern("cro?")] }, [false, true, true]),
        (rule { $0.terminals = [ShellPattern("pts/*")] }, [false, true, false]),
        (rule { $0.terminals = [ShellPattern("tty?")] }, [true, false, false]),
        (rule { $0.remoteHosts = [ShellPattern("lab*.EXAMPLE.org")] }, [false, true, false]),
        (rule { $0.remoteHosts = [ShellPattern("*")] }, [false, true, false]),
        (rule { $0.displays = [ShellPattern(":*")] }, [true, false, false]),
        (
            rule {
                $0.services = [ShellPattern("*")]
                $0.types = [.tty]
                $0.remoteHosts = [ShellPattern("other")]
            }, [false, false, false]
        ),
        // Conditions about processes say nothing about a session.
        (
            rule {
                $0.users = [.name("nobody")]
                $0.executables = ["/x"]
                $0.minimumAge = .seconds(1)
            }, [true, true, true]
        ),
    ]

    @Test(arguments: table) func conditionsAboutSessions(_ rule: SessionRule, _ fits: [Bool]) {
        #expect([Self.graphic, Self.remote, Self.cron].map(rule.fits) == fits)
    }

    @Test func anEmptyTextIsNoHost() {
        var login = Self.remote
        login.remoteHost = ""
        #expect(!rule { $0.remoteHosts = [ShellPattern("*")] }.fits(login))
    }

    @Test func whatARuleIsAbout() {
        #expect(rule { $0.users = [.everybody] }.isAboutSessions)
        #expect(!rule { $0.executables = ["/x"] }.isAboutSessions)
        #expect(!rule { $0.minimumAge = .seconds(1) }.isAboutSessions)
        #expect(!rule { _ in }.changesSessions)
        #expect(rule { $0.trackers = [.user] }.changesSessions)
        #expect(rule { $0.ownUnits = .keep }.changesSessions)
        #expect(rule { $0.unkillable = .seconds(1) }.changesSessions)
    }
}

struct ShellPatternTests {
    @Test(arguments: [
        ("", "", true), ("", "a", false), ("a", "a", true), ("a", "A", false), ("?", "é", true), ("?", "", false),
        ("*", "", true), ("*", "anything", true), ("a*", "a", true), ("*a", "ba", true), ("*a", "ab", false),
        ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false), ("pts/?", "pts/10", false), ("pts/??", "pts/10", true),
        ("**", "x", true), ("*.example.org", "a.example.org", true), ("*.example.org", "example.org", false),
        ("[ab]", "a", false), ("[ab]", "[ab]", true), (#"\*"#, "*", false), ("a?c", "abc", true), ("?*", "", false),
        ("*ab", "aab", true), ("*aab", "aaab", true),
    ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) {
        #expect(ShellPattern(pattern).matches(text) == expected)
    }

    @Test func casesOfAsciiCanBeTheSame() {
        #expect(ShellPattern("LAB*.example.ORG").matches("lab1.Example.org", ignoringCase: true))
        #expect(!ShellPattern("É").matches("é", ignoringCase: true))
    }

    /// A host name is a stranger's; a naive matcher would take for ever.
    @Test func manyStarsCostLittle() {
        let pattern = ShellPattern(String(repeating: "*a", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }
}
