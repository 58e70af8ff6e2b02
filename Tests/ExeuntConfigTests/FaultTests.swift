// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import Testing

struct FaultTests {
    @Test(arguments: [
        ("[Paylod]", "unknown section [Paylod]; did you mean [Payload]?"),
        (
            "[Unit]",
            "unknown section [Unit]; there are [Payload], [Hooks], [Session], [Class NAME], [Rule NAME], [Keep], [Run], "
                + "[Daemon]"
        ),
        ("[Rule]", "[Rule] is no valid rule: expected [Rule NAME], with a name of one word"),
        ("[Rule a b]", "[Rule a b] is no valid rule: expected [Rule NAME], with a name of one word"),
        ("Ladder=KILL", "Ladder= stands before the first [Section]"),
    ])
    func sections(text: String, message: String) {
        #expect(faults(of: file("\n" + text)) == ["f:2: " + message])
    }

    @Test(arguments: [
        ("Payload", "Laddre=KILL", "unknown key Laddre= in [Payload]; did you mean Ladder=?"),
        (
            "Payload", "Nice=5",
            "unknown key Nice= in [Payload]; there are Ladder=, UnkillableSec=, Track=, TimeLimit="
        ),
        ("Rule a", "Action=end\nExec=/a", "unknown key Exec= in [Rule NAME]; did you mean Exe=?"),
        (
            "Payload", "Ladder=TERM",
            "Ladder=: 'TERM' is not a valid ladder: expected signals and durations that end with KILL, "
                + "such as CONT TERM 5s KILL"
        ),
        (
            "Payload", "Ladder=KILL # at once",
            "Ladder=: 'KILL # at once' is not a valid ladder: expected signals and durations that end with KILL, "
                + "such as CONT TERM 5s KILL; a comment needs a line of its own"
        ),
        (
            "Payload", "UnkillableSec=soon",
            "UnkillableSec=: 'soon' is not a valid duration: expected a number with a unit, such as 500ms, 5s, 2min or 1h"
        ),
        ("Payload", "UnkillableSec=0", "UnkillableSec=: '0' is not a valid duration: expected more than 0"),
        (
            "Payload", "Track=cgroup,frob",
            "Track=: 'frob' is not a valid tracker: expected cgroup, descent, mark:NAME, group or audit"
        ),
        ("Payload", "TimeLimit=0", "TimeLimit=: '0' is not a valid duration: expected more than 0, or infinity"),
        (
            "Payload", "TimeLimit=never",
            "TimeLimit=: 'never' is not a valid duration: expected a number with a unit, such as 500ms, 5s, 2min or 1h, "
                + "or infinity"
        ),
        (
            "Session", "KillUserProcesses=maybe",
            "KillUserProcesses=: 'maybe' is not a valid policy: expected yes, no or report"
        ),
        (
            "Session", "Track=users",
            "Track=: 'users' is not a valid tracker: expected cgroup, descent, mark:NAME, group or audit, or user"
        ),
        (
            "Session", "KillOnlyUsers=a,b",
            "KillOnlyUsers=: 'a,b' is not a valid user: expected a user's name or number"
        ),
        ("Session", "KillOnlyUsers=@", "KillOnlyUsers=: '@' is not a valid group: expected @ and the name of a group"),
        (
            "Session", "KillOnlyUsers=4294967295",
            "KillOnlyUsers=: '4294967295' is not a valid user id: expected 0 to 4294967294, and not 65535"
        ),
        (
            "Session", "KillOnlyUsers=65535",
            "KillOnlyUsers=: '65535' is not a valid user id: expected 0 to 4294967294, and not 65535"
        ),
        ("Session", "KillOnlyUsers='a", "KillOnlyUsers=: ''a' is not a valid list: expected a closing '"),
        ("Rule a", "Action=kill", "Action=: 'kill' is not a valid action: expected end, keep or report"),
        ("Hooks", "TimeoutSec=0", "TimeoutSec=: '0' is not a valid duration: expected more than 0"),
        (
            "Hooks", "TimeoutSec=-5",
            "TimeoutSec=: '-5' is not a valid duration: expected a number with a unit, such as 500ms, 5s, 2min or 1h"
        ),
        ("Hooks", "CaptureOutput=64K", "CaptureOutput=: '64K' is not a valid switch: expected yes or no"),
        ("Hooks", "User=-x", "User=: '-x' is not a valid user: expected a user's name or number"),
        ("Hooks", "User=@staff", "User=: '@staff' is not a valid user: expected a user's name or number"),
    ])
    func values(section: String, text: String, message: String) {
        let lines = text.split(separator: "\n").count
        let found = faults(of: file("[\(section)]\n\(text)\n")).filter { !$0.contains("has no action") }
        #expect(found == ["f:\(lines + 1): " + message])
    }

    @Test(arguments: ["before.d", "/etc//x", "/etc/./x", "/etc/../x", "/etc/x/", "/", "~/x"])
    func pathsThatAreNotCanonical(path: String) {
        let message =
            "'\(path)' is not a valid path: expected an absolute path without '//', '.', '..' and a '/' at its end"
        #expect(faults(of: file("[Hooks]\nAfter=\(path)\n")) == ["f:2: After=: " + message])
    }

    @Test func rulesHaveToBeWhole() {
        #expect(
            faults(of: file("[Rule a]\nExe=/a\n[Rule b]\nAction=end\nFor=1h\n")) == [
                "f:1: [Rule a] has no action: expected Action=end, Action=keep or Action=report",
                "f:5: For= of [Rule b] has no meaning: expected Action=keep beside it",
            ])
    }

    @Test func allFaultsOfAllFilesAreNamed() {
        let found = faults(
            of: file("a=b\n[Payload]\nLadder=\nTrack=x\n[Keeep]\nAllow=,\n"), file("[Hooks]\nx\nAftr=/x\n", "g"))
        #expect(
            found.map { $0.prefix { $0 != " " } } == ["f:1:", "f:4:", "f:5:", "g:2:", "g:3:"])
    }

    @Test func theyAreInTheOrderOfTheLines() {
        let found = faults(of: file("[Payload]\nx\nNice=1\n[\n"))
        #expect(found.map { $0.prefix(4) } == ["f:2:", "f:3:", "f:4:"])
    }

    @Test func whatFollowsABrokenSectionIsLeftAlone() {
        #expect(faults(of: file("[Payload\nLadder=x\n[Nonsense]\ny=z\n")).count == 2)
    }

    @Test func textsAreShownEscaped() {
        let found = faults(
            of: file("[Payload]\n\u{202E}=x\nTrack=\u{202E}\n[\u{202E}]\n[\u{202E}\n\u{202E}\n", "\u{1B}f"))
        #expect(found.count == 5)
        #expect(found.allSatisfy { !$0.contains("\u{202E}") && !$0.contains("\u{1B}") })
    }
}
