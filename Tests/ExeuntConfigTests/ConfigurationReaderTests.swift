// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import Testing

struct ConfigurationReaderTests {
    @Test func nothingIsTheDefault() throws {
        let configuration = try ConfigurationReader.read([])
        #expect(configuration.values == Configuration())
        #expect(configuration.values.payload.ladder == .payload)
        #expect(configuration.values.hooks.timeout == .seconds(30))
        #expect(configuration.values.session.ladder.description == "CONT HUP TERM 10s KILL")
        #expect(configuration.values.session.trackers == [.cgroup, .audit])
        #expect(configuration.sections.flatMap(\.settings).allSatisfy { $0.origins.isEmpty })
    }

    @Test func everySettingArrives() throws {
        let values = try read(Self.everything).values
        #expect(values.payload.ladder == Ladder(rungs: [Ladder.Rung(signals: [.term], grace: .seconds(2))]))
        #expect(values.payload.unkillable == .seconds(90))
        #expect(values.payload.trackers == [.descent, .mark(name: "JOB")])
        #expect(values.payload.timeLimit == .seconds(3600))
        #expect(values.hooks.before == "/etc/exeunt/before.d")
        #expect(values.hooks.after == "/usr/sbin/clean up")
        #expect(values.hooks.timeout == .milliseconds(1500))
        #expect(values.hooks.account == .uid(4))
        #expect(values.hooks.capturesOutput)
        #expect(values.session.policy == .report)
        #expect(values.session.onlyUsers == [.name("alice"), .uid(1000), .group("staff")])
        #expect(values.session.excludedUsers == [.name("DOMAIN\\bob")])
        #expect(values.session.trackers == [.cgroup, .group, .user])
        #expect(values.session.unkillable == .seconds(5))
        #expect(values.session.ownUnits == .report)
        #expect(values.rules[2].ownUnits == .end)
        #expect(values.rules[0].ownUnits == nil)
        #expect(values.rules.map(\.name) == ["tmux", "rest", "lab", "old"])
        #expect(values.rules[0].users == [.group("staff")])
        #expect(values.rules[0].executables == ["/usr/bin/tmux", "/opt/my programs/screen"])
        #expect(values.rules[0].action == .keep)
        #expect(values.rules[0].lasting == .seconds(43200))
        #expect(values.rules[1].action == .report)
        #expect(values.rules[2].users == [.everybody])
        #expect(values.rules[2].groups == ["staff", "wheel"])
        #expect(values.rules[2].classes == [.user, .background])
        #expect(values.rules[2].types == [.x11, .wayland])
        #expect(values.rules[2].services == [ShellPattern("ssh*"), ShellPattern("my service")])
        #expect(values.rules[2].terminals == [ShellPattern("pts/*"), ShellPattern("tty?")])
        #expect(values.rules[2].remoteHosts == [ShellPattern("*.example.org")])
        #expect(values.rules[2].displays == [ShellPattern(":1*")])
        #expect(values.rules[2].minimumAge == nil)
        #expect(values.rules[2].action == .end)
        #expect(values.rules[2].ladder?.description == "TERM 1s KILL")
        #expect(values.rules[2].unkillable == .seconds(2))
        #expect(values.rules[2].trackers == [.cgroup, .user])
        #expect(values.rules[3].minimumAge == .seconds(86400))
        #expect(values.keep.allowed == [.group("staff")])
        #expect(values.keep.denied == [.name("eve")])
        #expect(values.keep.longest == .seconds(86400))
        #expect(values.keep.perUser == 3)
        #expect(values.keep.executables == ["/usr/bin/tmux"])
        #expect(values.run.allowed.map(\.description) == ["@grid:pool01", "alice:@pool", "1000:1001"])
        #expect(values.daemon.recordFile == "/srv/ended.jsonl")
        #expect(values.daemon.facility == .local3)
        #expect(!values.daemon.writesMetrics)
    }

    @Test func everySettingOfClassesArrives() throws {
        let values = try read(Self.everything).values
        #expect(!values.session.usesLogindConf)
        #expect(values.classes.keys.sorted { $0.rawValue < $1.rawValue } == [.background, .greeter])
        #expect(values.classes[.greeter]?.killUserProcesses == .no)
        #expect(values.classes[.greeter]?.ladder == Ladder(rungs: []))
        #expect(values.classes[.greeter]?.unkillable == .seconds(3))
        #expect(values.classes[.greeter]?.trackers == [.user])
        #expect(values.classes[.greeter]?.ownUnits == .keep)
        #expect(values.classes[.background] == ClassPolicy())
    }

    @Test func thePolicyIsMadeOfAllThree() throws {
        let values = try read(Self.everything).values
        let policy = values.sessionPolicy
        #expect(policy.killUserProcesses == .report)
        #expect(policy.onlyUsers == values.session.onlyUsers)
        #expect(policy.excludedUsers == values.session.excludedUsers)
        #expect(policy.ladder == values.session.ladder)
        #expect(policy.unkillable == .seconds(5))
        #expect(policy.trackers == [.cgroup, .group, .user])
        #expect(policy.ownUnits == .report)
        #expect(policy.classes == values.classes)
        #expect(policy.rules == values.rules)
        #expect(Configuration().sessionPolicy == SessionPolicy())
    }

    @Test func aClassMayBeContinuedByADropIn() throws {
        let configuration = try read("[Class user]\nLadder=KILL\nTrack=user\n", "[Class user]\nLadder=\nTrack=group\n")
        #expect(configuration.values.classes[.user]?.ladder == nil)
        #expect(configuration.values.classes[.user]?.trackers == [.user, .group])
        #expect(configuration.origins("Class user", "Track") == ["f:3", "f1:3"])
    }

    @Test func everybodyMayKeepUntilAListSaysWho() throws {
        #expect(try read("").values.keep.allowed == [.everybody])
        #expect(try read("").values.keep.longest == .seconds(7 * 86400))
        #expect(try read("[Keep]\nAllow=\n").values.keep.allowed == [])
        #expect(try read("[Keep]\nAllow=alice\n").values.keep.allowed == [.name("alice")])
    }

    /// What is shown is a configuration by itself, and means the same.
    @Test func whatIsShownReadsBack() throws {
        let configuration = try read(Self.everything)
        let text = configuration.sections.map { section in
            "[\(section.name)]\n" + section.settings.map { "\($0.key)=\($0.value)\n" }.joined()
        }.joined()
        #expect(try read(text).values == configuration.values)
    }

    @Test func everyValueKnowsItsPlace() throws {
        let configuration = try read(
            "[Payload]\nLadder=KILL\nTrack=cgroup\n\nLadder=TERM KILL\n[Hooks]\nUser=daemon\nTimeoutSec=1\n",
            "[Payload]\nTrack=descent \\\n group\n[Hooks]\nUser=\nTimeoutSec=2\n")
        #expect(configuration.files == ["f", "f1"])
        #expect(configuration.origins("Payload", "Ladder") == ["f:5"])
        #expect(configuration.values.payload.ladder.rungs.map(\.signals) == [[.term]])
        #expect(configuration.origins("Payload", "Track") == ["f:3", "f1:2"])
        #expect(configuration.values.payload.trackers == [.cgroup, .descent, .group])
        #expect(configuration.origins("Hooks", "User") == [])
        #expect(configuration.values.hooks.account == .name("root"))
        #expect(configuration.origins("Hooks", "TimeoutSec") == ["f1:6"])
    }

    @Test func anEmptyAssignmentEmptiesAList() throws {
        #expect(
            try read("[Session]\nKillExcludeUsers=alice").values.session.excludedUsers == [.name("alice")])
        let configuration = try read("[Session]\nKillExcludeUsers=alice\nKillExcludeUsers=\n")
        #expect(configuration.values.session.excludedUsers == [])
        #expect(configuration.origins("Session", "KillExcludeUsers") == ["f:3"])
        let again = try read("[Session]\nTrack=audit\nTrack=\nTrack=group\n")
        #expect(again.values.session.trackers == [.group])
        #expect(again.origins("Session", "Track") == ["f:3", "f:4"])
    }

    @Test func aRuleMayBeContinuedByADropIn() throws {
        let configuration = try read(
            "[Rule a]\nExe=/bin/a\n[Rule b]\nAction=end\n", "[Rule a]\nAction=keep\nFor=1h\nExe=/bin/c\n")
        #expect(configuration.values.rules.map(\.name) == ["a", "b"])
        #expect(configuration.values.rules[0].executables == ["/bin/a", "/bin/c"])
        #expect(configuration.origins("Rule a", "Exe") == ["f:2", "f1:4"])
    }

    private static let everything = """
        [Payload]
        Ladder=TERM 2s KILL
        UnkillableSec=1min 30s
        Track=descent
        Track=mark:JOB
        TimeLimit=1h
        [Hooks]
        Before=/etc/exeunt/before.d
        After=/usr/sbin/clean up
        TimeoutSec=1.5
        User=4
        CaptureOutput=TRUE
        [Session]
        UseLogindConf=no
        KillUserProcesses=report
        KillOnlyUsers=alice 1000 "@staff"
        KillExcludeUsers=DOMAIN\\bob
        Track=cgroup group user
        OwnUnits=report
        Ladder=KILL
        UnkillableSec=5
        [Rule tmux]
        User=@staff
        Exe=/usr/bin/tmux "/opt/my programs/screen"
        Action=keep
        For=12h
        [Rule rest]
        Action=report
        [Rule lab]
        User=*
        Group=staff wheel
        Class=user background
        Type=x11 wayland
        Service=ssh* "my service"
        TTY=/dev/pts/* tty?
        RemoteHost=*.example.org
        Display=:1*
        Ladder=TERM 1s KILL
        UnkillableSec=2
        Track=cgroup user
        OwnUnits=end
        [Rule old]
        OlderThan=1d
        Action=keep
        [Class greeter]
        KillUserProcesses=no
        Ladder=KILL
        UnkillableSec=3
        Track=user
        OwnUnits=keep
        [Class background]
        [Keep]
        Allow=@staff
        Deny=eve
        MaxFor=24h
        PerUser=3
        Exe=/usr/bin/tmux
        [Run]
        Allow=@grid:pool01 alice:@pool
        Allow=1000:1001
        [Daemon]
        RecordFile=/srv/ended.jsonl
        SyslogFacility=local3
        Metrics=no
        """
}
