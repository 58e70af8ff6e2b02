// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import Testing

struct LogindConfigurationTests {
    @Test func unsetIsUnset() {
        let configuration = LogindConfiguration.read([file("[Login]\n#KillUserProcesses=no\nNAutoVTs=6\n")])
        #expect(configuration == LogindConfiguration())
        #expect(configuration.killUserProcesses == nil)
        #expect(configuration.killExcludeUsers == ["root"])
    }

    @Test func dropInsAreTakenTogether() throws {
        let source = ListedFiles(contents: [
            "/usr/lib/systemd/logind.conf": .bytes(Array("[Login]\nKillUserProcesses=yes\n".utf8)),
            "/run/systemd/logind.conf.d/50.conf": .bytes(Array("[Login]\nKillOnlyUsers=alice 'b c'\n".utf8)),
            "/etc/systemd/logind.conf.d/60.conf": .bytes(
                Array("[Login]\nKillOnlyUsers=D\\dora\nKillUserProcesses=0\n".utf8)),
            "/usr/local/lib/systemd/logind.conf.d/70.conf": .bytes(Array("[Login]\nKillExcludeUsers=\n".utf8)),
            "/usr/lib/systemd/logind.conf.d/60.conf": .bytes(Array("[Login]\nKillUserProcesses=yes\n".utf8)),
        ])
        let configuration = LogindConfiguration.read(try ConfigurationFiles.logind.read(from: source))
        #expect(configuration.killUserProcesses == false)
        #expect(configuration.killOnlyUsers == ["alice", "b c", "D\\dora"])
        #expect(configuration.killExcludeUsers == [])
        #expect(configuration.remarks == [])
    }

    @Test func settingAListDropsTheImpliedRoot() {
        #expect(LogindConfiguration.read([file("[Login]\nKillExcludeUsers=alice\n")]).killExcludeUsers == ["alice"])
    }

    @Test func whatLogindPassesOverIsRemarked() {
        let text = "[Login]\nKillUserProcesses=maybe\nnonsense\nKillUserProcesses=on\n[Other]\nKillUserProcesses=no\n"
        let configuration = LogindConfiguration.read([file(text)])
        #expect(configuration.killUserProcesses == true)
        #expect(
            configuration.remarks.map(\.description) == [
                "f:2: KillUserProcesses=: 'maybe' is not a valid switch: expected yes or no",
                "f:3: 'nonsense' is no assignment: expected KEY=VALUE, a [Section] or a # comment",
            ])
    }

    private static let logind = """
        [Login]
        KillUserProcesses=no
        KillOnlyUsers=alice @staff
        KillExcludeUsers=1000
        """

    private func layered(_ text: String, _ logind: String = logind) throws -> EffectiveConfiguration {
        try read(text).over(LogindConfiguration.read([file(logind, "l")]))
    }

    @Test func itHoldsWhereNothingElseIsSaid() throws {
        let configuration = try layered("[Session]\nLadder=KILL\n")
        let session = configuration.values.session
        #expect(session.policy == .no)
        // Names there, whatever they look like.
        #expect(session.onlyUsers == [.name("alice"), .name("@staff")])
        #expect(session.excludedUsers == [.name("1000")])
        #expect(session.fromLogind == [.killUserProcesses, .killOnlyUsers, .killExcludeUsers])
        #expect(session.ladder == Ladder(rungs: []))
        #expect(configuration.origins("Session", "KillUserProcesses") == ["l:2"])
        #expect(configuration.origins("Session", "KillExcludeUsers") == ["l:4"])
        #expect(configuration.values.sessionPolicy.fromLogind == session.fromLogind)
        #expect(configuration.files == ["f"])
    }

    @Test func eachKeyIsDecidedByItself() throws {
        let configuration = try layered("[Session]\nKillUserProcesses=report\nKillExcludeUsers=\n")
        #expect(configuration.values.session.policy == .report)
        #expect(configuration.values.session.onlyUsers.count == 2)
        // To spare nobody is something that somebody has said.
        #expect(configuration.values.session.excludedUsers == [])
        #expect(configuration.values.session.fromLogind == [.killOnlyUsers])
        #expect(configuration.origins("Session", "KillExcludeUsers") == ["f:3"])
        // An empty assignment to what is no list brings back what lies beneath.
        #expect(try layered("[Session]\nKillUserProcesses=yes\nKillUserProcesses=\n").values.session.policy == .no)
    }

    @Test func whatIsSetNowhereHasExeuntsDefault() throws {
        let configuration = try layered("", "[Login]\nNAutoVTs=6\n")
        #expect(configuration.values == Configuration())
        #expect(configuration.origins("Session", "KillUserProcesses") == [])
    }

    @Test func itCanBeLeftOut() throws {
        let configuration = try layered("[Session]\nUseLogindConf=no\n")
        #expect(configuration.values.session.policy == .yes)
        #expect(configuration.values.session.fromLogind.isEmpty)
    }

    /// An emptied list of logind's drops its root, too.
    @Test func nobodyIsSparedThereEither() throws {
        #expect(try layered("", "[Login]\nKillExcludeUsers=\n").values.session.excludedUsers == [])
    }
}
