// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

struct RuleTests {
    private func process(_ change: (inout ObservedProcess) -> Void) -> ObservedProcess {
        var process = member(11, owner: 1000, program: 7)
        process.age = .seconds(100)
        process.executable = Array("/usr/bin/tmux".utf8)
        process.sharesMounts = true
        change(&process)
        return process
    }

    @Test func withoutConditionsItFitsEverybody() {
        #expect(Rule.keepAll("why").fits(process { _ in }))
        #expect(Rule.keepAll("why").fits(member(11, owner: nil)))
        #expect(Rule.keepAll("why") == Rule(name: "why", action: .keep))
    }

    @Test func owners() {
        let rule = Rule(name: "r", action: .keep, owners: [1000, 5])
        #expect(rule.fits(process { _ in }))
        #expect(!rule.fits(process { $0.owner = 1001 }))
        #expect(!rule.fits(process { $0.owner = nil }))
        #expect(!Rule(name: "r", action: .keep, owners: []).fits(process { _ in }))
    }

    @Test func age() {
        let rule = Rule(name: "r", action: .end, minimumAge: .seconds(100))
        #expect(rule.fits(process { _ in }))
        #expect(!rule.fits(process { $0.age = .milliseconds(99_999) }))
        #expect(!rule.fits(process { $0.age = nil }))
    }

    @Test func programsByFile() {
        let rule = Rule(name: "r", executable: ExecutableIdentity(device: 1, inode: 7), action: .keep)
        #expect(rule.fits(process { _ in }))
        #expect(!rule.fits(process { $0.executableIdentity = ExecutableIdentity(device: 2, inode: 7) }))
        #expect(!rule.fits(process { $0.executableIdentity = nil }))
    }

    /// A path tells of a program whose file has been replaced, if nobody can have put another one there.
    @Test func programsByPath() {
        let rule = Rule(name: "r", action: .keep, programs: Rule.Programs(paths: [Array("/usr/bin/tmux".utf8)]))
        #expect(rule.fits(process { _ in }))
        #expect(rule.fits(process { $0.executable = Array("/usr/bin/tmux (deleted)".utf8) }))
        #expect(!rule.fits(process { $0.sharesMounts = false }))
        #expect(!rule.fits(process { $0.sharesMounts = nil }))
        #expect(!rule.fits(process { $0.executable = Array("/home/alice/usr/bin/tmux".utf8) }))
        #expect(!rule.fits(process { $0.executable = nil }))
    }

    @Test func allConditionsHaveToHold() {
        let rule = Rule(
            name: "r", action: .keep, programs: Rule.Programs(identities: [ExecutableIdentity(device: 1, inode: 7)]),
            owners: [1000], minimumAge: .seconds(1))
        #expect(rule.fits(process { _ in }))
        #expect(!rule.fits(process { $0.owner = 1 }))
        #expect(!rule.fits(process { $0.age = .zero }))
        #expect(!rule.fits(process { $0.executableIdentity = nil }))
    }

    private let rules = [
        Rule(name: "hour", action: .keep, lasting: .seconds(3600)), Rule(name: "ever", action: .keep),
        Rule(name: "day", action: .keep, lasting: .seconds(86400)), Rule(name: "end", action: .end),
    ]

    @Test func keepingIsOverAfterItsTime() {
        #expect(rules.after(.seconds(3599)) == rules)
        #expect(rules.after(.seconds(3600)).map(\.action) == [.end, .keep, .keep, .end])
        #expect(rules.after(.seconds(3600)).map(\.name) == rules.map(\.name))
        #expect(rules.after(.seconds(100_000)).map(\.action) == [.end, .keep, .end, .end])
    }

    @Test func theNextExpiry() {
        #expect(rules.nextExpiry(after: .zero) == .seconds(3600))
        #expect(rules.nextExpiry(after: .zero, of: ["day", "ever"]) == .seconds(86400))
        #expect(rules.nextExpiry(after: .seconds(3600)) == .seconds(86400))
        #expect(rules.nextExpiry(after: .seconds(86400)) == nil)
        #expect(rules.nextExpiry(after: .zero, of: ["ever"]) == nil)
    }
}
