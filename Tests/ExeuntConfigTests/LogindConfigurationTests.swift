// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
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
}
