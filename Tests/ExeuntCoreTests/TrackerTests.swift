// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

struct TrackerTests {
    @Test(arguments: [
        ("cgroup", [Tracker.cgroup]), ("descent", [.descent]), ("audit", [.audit]), ("group", [.group]),
        ("mark:LTSP_CLIENT", [.mark(name: "LTSP_CLIENT")]), ("cgroup descent", [.cgroup, .descent]),
        ("cgroup,descent", [.cgroup, .descent]), (" cgroup ,\tgroup ", [.cgroup, .group]),
        ("group group", [.group]), ("mark:A mark:B", [.mark(name: "A"), .mark(name: "B")]),
        ("mark:mark:X", [.mark(name: "mark:X")]),
    ])
    func parses(text: String, trackers: [Tracker]) throws {
        #expect(try Tracker.parse(text) == trackers)
        #expect(try Tracker.parse(trackers.map(\.description).joined(separator: " ")) == trackers)
    }

    @Test(arguments: [
        ("", ""), (" , ", " , "), ("cgruop", "cgruop"), ("cgroup tty", "tty"), ("Cgroup", "Cgroup"), ("mark", "mark"),
        ("user", "user"),
    ])
    func refuses(text: String, named: String) {
        let expected = "cgroup, descent, mark:NAME, group or audit"
        #expect(throws: TextError(what: "tracker", text: named, expected: expected)) { try Tracker.parse(text) }
    }

    @Test(arguments: ["mark:", "mark:A=B", "mark:A\0B"])
    func refusesNamesThatNoVariableHas(text: String) {
        let expected = "mark: and the name of an environment variable"
        #expect(throws: TextError(what: "tracker", text: text, expected: expected)) { try Tracker.parse(text) }
    }

    @Test func strongAndWeak() {
        let strong: [Tracker] = [.cgroup, .descent, .audit]
        for tracker in strong { #expect(tracker.isStrong) }
        for tracker in [Tracker.group, .mark(name: "A")] { #expect(!tracker.isStrong) }
        #expect(!Evidence([.mark, .group, .user]).hasStrong)
        #expect(Evidence([.mark, .audit]).hasStrong)
        #expect(!Evidence([]).hasStrong)
    }

    @Test func wordsComeInOneOrder() {
        #expect(
            Evidence([.user, .group, .mark, .audit, .descent, .cgroup]).words == [
                "cgroup", "descent", "audit", "mark", "group", "user",
            ])
        #expect(Evidence([]).words.isEmpty)
        #expect(Tracker.sessionMark == "EXEUNT_SESSION")
    }
}
