// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import Testing

@testable import ExeuntEngine
@testable import LinuxSystem

@Suite struct LoginFindingTests {
    private func policy(_ keeper: LoginSurroundings.Keeper?, _ value: Bool?) -> ExeuntEngine.Finding? {
        var configuration = LogindConfiguration()
        configuration.killUserProcesses = value
        var host = HostFacts.sample()
        host.logins.keeper = keeper
        host.logins.policy = .read(configuration)
        return host.finding("host.logind-policy")
    }

    @Test func oneOfTheTwoEndsSessions() {
        #expect(policy(.logind, false)?.state == .yes)
        #expect(policy(.logind, true)?.state == .partly)
        #expect(policy(.logind, nil)?.found == "KillUserProcesses= is in no file")
        #expect(policy(nil, true) == nil)
    }

    @Test func theDropInIsTheKeepersOwn() {
        let expected: [(LoginSurroundings.Keeper, String)] = [
            (.logind, "/etc/systemd/logind.conf.d/50-exeunt.conf"),
            (.elogind, "/etc/elogind/logind.conf.d/50-exeunt.conf"),
        ]
        for (keeper, path) in expected {
            let command = policy(keeper, true)?.remedies.first?.command
            #expect(command?.contains(#"printf '[Login]\nKillUserProcesses=no\n' >\#(path)"#) == true)
        }
    }

    @Test func aDaemonThatIsNotThereIsNoDaemonThatHasEnded() {
        var host = HostFacts.sample()
        host.logins.daemon = .refused(.noSuchFileOrDirectory)
        #expect(host.finding("host.daemon")?.found == "/run/exeunt/io.exeunt is not there")
        #expect(host.finding("host.daemon")?.remedies.first?.command == "systemctl enable --now exeuntd")
        host.surroundings.isSystemd = false
        #expect(host.finding("host.daemon")?.remedies.first?.command == nil)
        host.logins.daemon = .refused(.connectionRefused)
        let found = "connect to /run/exeunt/io.exeunt: connection refused [ECONNREFUSED]"
        #expect(host.finding("host.daemon")?.found == found)
        #expect(host.finding("host.daemon")?.state == .no)
    }

    @Test func theModuleIsToBeNamedAndToBeThere() {
        var host = HostFacts.sample()
        host.logins.services = []
        #expect(host.finding("host.pam-exeunt")?.remedies.first?.command == "pam-auth-update --enable exeunt")
        host.logins.hasPAMProfiles = false
        #expect(host.finding("host.pam-exeunt")?.remedies.first?.command == nil)
        host.logins.services = ["sshd"]
        host.logins.module = nil
        #expect(host.finding("host.pam-exeunt")?.state == .no)
        host.surroundings.pamLibrary = nil
        #expect(host.finding("host.pam-exeunt") == nil)
    }

    @Test(arguments: [
        ("session optional pam_exeunt.so", true),
        ("auth required a.so\n-session\t[success=1 default=ignore] /lib/security/pam_exeunt.so wait=5", true),
        ("# session optional pam_exeunt.so", false), ("session optional pam_unix.so # pam_exeunt.so", false),
        ("account optional pam_exeunt.so", false), ("session optional not_pam_exeunt.so", false), ("", false),
    ])
    func sessionLinesAreRead(_ text: String, _ expected: Bool) {
        #expect(LoginSurroundings.opensSessions(text) == expected)
    }

    @Test func servicesThatEndWithALogin() throws {
        let name = Array("nginx".utf8)
        let candidate = { (pid: Int32, isService: Bool, session: String?, audit: UInt32?) in
            SessionService.Candidate(pid: pid, name: name, isService: isService, session: session, auditSession: audit)
        }
        // By its cgroup; by the audit session of others; neither; no service.
        let found = SessionService.services(among: [
            candidate(7, true, "0123456789ab", nil), candidate(8, true, nil, 5), candidate(9, true, nil, 6),
            candidate(10, false, "0123456789ac", 5), candidate(11, true, nil, nil),
            SessionService.Candidate(
                pid: 12, name: Array("exeuntd".utf8), isService: true, session: nil, auditSession: 5),
        ])
        #expect(found.map(\.pid) == [7, 8])
        #expect(found.map(\.session) == ["0123456789ab", "0123456789ac"])
        var host = HostFacts.sample()
        #expect(host.finding("host.session-services") == nil)
        host.logins.sessionServices = []
        #expect(host.finding("host.session-services")?.state == .yes)
        host.logins.sessionServices = found
        let finding = try #require(host.finding("host.session-services"))
        #expect(finding.state == .partly)
        #expect(finding.found.hasPrefix("nginx (7) is in session 0123456789ab, nginx (8) is in session 0123456789ac"))
        #expect(finding.remedies.last?.command == "exeunt keep -- service NAME restart")
    }
}
