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
        ("[Class gretter]", "unknown class in [Class gretter]; did you mean [Class greeter]?"),
        (
            "[Class payload]",
            "unknown class in [Class payload]; there are [Class user], [Class greeter], [Class background]"
        ),
        ("[Class]", "[Class] is no valid class: there are [Class user], [Class greeter], [Class background]"),
        (
            "[Class user greeter]",
            "[Class user greeter] is no valid class: there are [Class user], [Class greeter], [Class background]"
        ),
        ("[Deamon]", "unknown section [Deamon]; did you mean [Daemon]?"),
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

    @Test(arguments: [
        ("Session", "UseLogind=no", "unknown key UseLogind= in [Session]; did you mean UseLogindConf=?"),
        ("Session", "UseLogindConf=x", "UseLogindConf=: 'x' is not a valid switch: expected yes or no"),
        (
            "Class user", "KillOnlyUsers=alice",
            "unknown key KillOnlyUsers= in [Class NAME]; there are KillUserProcesses=, Ladder=, UnkillableSec=, Track=, "
                + "OwnUnits="
        ),
        (
            "Class user", "KillUserProcesses=x",
            "KillUserProcesses=: 'x' is not a valid policy: expected yes, no or report"
        ),
        ("Class user", "UnkillableSec=0", "UnkillableSec=: '0' is not a valid duration: expected more than 0"),
        (
            "Rule a", "Class=payload",
            "Class=: 'payload' is not a valid class: expected one of user, greeter, background"
        ),
        ("Rule a", "Type=X11", "Type=: 'X11' is not a valid type: expected one of tty, x11, wayland, unspecified"),
        ("Rule a", "Group=@staff", "Group=: '@staff' is not a valid group: expected a group's name, without @"),
        ("Rule a", "Group=100", "Group=: '100' is not a valid group: expected a group's name, without @"),
        ("Rule a", "TTY=/dev/", "TTY=: '/dev/' is not a valid pattern: expected at least one character"),
        ("Rule a", "Service=''", "Service=: '' is not a valid pattern: expected at least one character"),
        ("Rule a", "RemoteHost='a", "RemoteHost=: ''a' is not a valid list: expected a closing '"),
        ("Rule a", "OlderThan=0", "OlderThan=: '0' is not a valid duration: expected more than 0"),
        ("Rule a", "Olderthan=1", "unknown key Olderthan= in [Rule NAME]; did you mean OlderThan=?"),
        (
            "Keep", "Group=staff",
            "unknown key Group= in [Keep]; there are Allow=, Deny=, MaxFor=, PerUser=, Exe="
        ),
        ("Keep", "PerUser=0", "PerUser=: '0' is not a valid number: expected 1 to 65536"),
        ("Keep", "PerUser=many", "PerUser=: 'many' is not a valid number: expected 1 to 65536"),
        ("Keep", "Deny=a:b", "Deny=: 'a:b' is not a valid user: expected a user's name or number"),
        ("Run", "Allow=alice", "Allow=: 'alice' is not a valid pair: expected CALLER:TARGET, such as @grid:pool01"),
        ("Run", "Allow=a:b:c", "Allow=: 'a:b:c' is not a valid pair: expected CALLER:TARGET, such as @grid:pool01"),
        ("Run", "Allow=alice:", "Allow=: 'alice:' is not a valid pair: expected CALLER:TARGET, such as @grid:pool01"),
        ("Run", "Allow=*:pool", "Allow=: '*:pool' is not a valid pair: expected CALLER:TARGET, such as @grid:pool01"),
        ("Run", "Allow=alice:root", "Allow=: 'alice:root' is not a valid pair: expected another target than root"),
        ("Run", "Allow=alice:0", "Allow=: 'alice:0' is not a valid pair: expected another target than root"),
        ("Run", "Allow=@:b", "Allow=: '@' is not a valid group: expected @ and the name of a group"),
        ("Daemon", "SyslogFacility=deamon", "SyslogFacility=: 'deamon' is not a valid facility: expected daemon"),
        (
            "Daemon", "SyslogFacility=kernel",
            "SyslogFacility=: 'kernel' is not a valid facility: expected one of auth, authpriv, daemon, user, local0, "
                + "local1, local2, local3, local4, local5, local6, local7"
        ),
        (
            "Daemon", "RecordFile=ended.jsonl",
            "RecordFile=: 'ended.jsonl' is not a valid path: expected an absolute path without '//', '.', '..' and a '/' at "
                + "its end"
        ),
        ("Daemon", "Metrics=64", "Metrics=: '64' is not a valid switch: expected yes or no"),
    ])
    func valuesOfSessions(section: String, text: String, message: String) {
        let found = faults(of: file("[\(section)]\n\(text)\n")).filter { !$0.contains("has no action") }
        #expect(found == ["f:2: " + message])
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

    @Test func aRuleThatIsOnlyAboutSessionsNeedsNoAction() throws {
        for setting in ["Ladder=KILL", "UnkillableSec=1", "Track=user", "OwnUnits=keep"] {
            #expect(try read("[Rule a]\nService=sshd\nUser=alice\n\(setting)\n").values.rules.map(\.action) == [.end])
        }
        #expect(faults(of: file("[Rule a]\nTrack=\nLadder=\nUnkillableSec=\n")).count == 1)
    }

    @Test func whatHoldsForWholeSessionsCannotDependOnAProcess() {
        let rest = " beside it is about single processes: expected a rule of its own for "
        #expect(
            faults(of: file("[Rule a]\nLadder=KILL\nTrack=user\n", "f"), file("[Rule a]\nExe=/a\n", "g")) == [
                "f:2: Ladder= of [Rule a] holds for whole sessions, and Exe=\(rest)Ladder=, without Exe= and OlderThan=",
                "f:3: Track= of [Rule a] holds for whole sessions, and Exe=\(rest)Track=, without Exe= and OlderThan=",
            ])
        #expect(
            faults(of: file("[Rule a]\nOwnUnits=end\nExe=/a\n")) == [
                "f:2: OwnUnits= of [Rule a] holds for whole sessions, and Exe=\(rest)OwnUnits=, without Exe= and OlderThan="
            ])
        #expect(
            faults(of: file("[Rule a]\nUnkillableSec=1\nOlderThan=1h\nAction=keep\n")) == [
                "f:2: UnkillableSec= of [Rule a] holds for whole sessions, and OlderThan=\(rest)UnkillableSec=, "
                    + "without Exe= and OlderThan="
            ])
        #expect(faults(of: file("[Rule a]\nLadder=KILL\nExe=/a\nExe=\nOlderThan=1h\nOlderThan=\n")) == [])
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
