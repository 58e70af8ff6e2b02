// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem
import Testing

@testable import ExeuntEngine

/// Directories of hooks, their order, and what is refused in them need files of their own: the scenarios have them.
struct HookListTests {
    private let program = Array("/usr/bin/env".utf8)
    private let rules: TrustRules

    init() throws { rules = TrustRules(users: [try FileFacts.of("/usr/bin/env").owner]) }

    @Test func oneProgramIsOneHook() throws {
        let list = try HookList(HookSetup(before: program, rules: rules))
        #expect(list[.before] == [program])
        #expect(list[.after].isEmpty)
        let other = try HookList(HookSetup(after: program, rules: rules))
        #expect(other[.before].isEmpty)
        #expect(other[.after] == [program])
    }

    @Test(arguments: [
        "usr/bin/env", "/usr/bin/../bin/env", "/usr/bin/env/", "/nonexistent/x", "/dev/null", "/etc/passwd",
    ])
    func whatIsNoProgramIsRefused(_ path: String) {
        #expect(throws: TrustRefusal.self) { _ = try HookList(HookSetup(after: Array(path.utf8), rules: rules)) }
    }

    @Test func aDirectoryWhereOnlyAProgramMayBe() {
        var setup = HookSetup(after: Array("/usr".utf8), rules: rules)
        setup.takesDirectories = false
        #expect(throws: TrustRefusal(path: Array("/usr".utf8), component: Array("/usr".utf8), rule: .notFile)) {
            _ = try HookList(setup)
        }
    }

    @Test func theEpiloguesUserIsTrustedWithNothingElse() {
        let users = { (setup: HookSetup, phase: HookPhase) in setup[rules: phase].users }
        var setup = HookSetup(before: program, after: program)
        #expect(users(setup, .before) == [] && users(setup, .after) == [])
        setup.afterRules = TrustRules(users: [64101])
        #expect(users(setup, .before) == [])
        #expect(users(setup, .after) == [64101])
    }
}
