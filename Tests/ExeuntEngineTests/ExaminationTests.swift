// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import Testing

@testable import ExeuntEngine
@testable import LinuxSystem

@Suite struct ExaminationTests {
    @Test func aHostThatHasEverythingNeedsNothing() {
        let examination = Examination(.sample())
        #expect(examination.trackers == [.cgroup, .descent])
        #expect(examination.isStrong)
        for finding in examination.findings {
            #expect(finding.state == .yes, "\(finding.id): \(finding.found)")
            #expect(finding.remedies.isEmpty, "\(finding.id)")
        }
    }

    /// Every way in which a host can be short of something.
    static let poorHosts: [HostFacts] = {
        var hosts = [HostFacts.sample(), .sample(uid: 1000)]
        func add(_ change: (inout HostFacts) -> Void) {
            for uid: UInt32 in [0, 1000] {
                var host = HostFacts.sample(uid: uid)
                host.surroundings.isInitialPIDNamespace = false
                change(&host)
                hosts.append(host)
            }
        }
        add { $0.cgroups = CgroupFacts() }
        add { $0.cgroups = .sample(refused: .permissionDenied) }
        add { $0.cgroups = .sample(refused: .readOnlyFileSystem) }
        add { $0.cgroups.leaf.outcome = .barren(SystemError("start", "process", .notSupported)) }
        add { $0.cgroups.leaf.leftBehind = "/sys/fs/cgroup/a/exeunt-x" }
        add { $0.kernel = .sample(release: "", handles: false, clone3: false, subreaper: false, audit: .absent) }
        add { $0.proc = ProcFacts() }
        add { $0.proc.view = .foreign }
        add { $0.proc.others = .unlisted }
        add { $0.childObstacle = SystemError("clone", "process", .resourceTemporarilyUnavailable) }
        add { $0.audit = HostFacts.AuditFacts(missing: "no") }
        add { $0.surroundings = SurroundingFacts() }
        add { $0.surroundings.descriptors = ResourceLimit(soft: 30, hard: 30) }
        add { $0.logins = LoginSurroundings() }
        add { $0.logins.policy = .unreadable("open /etc/systemd/logind.conf: permission denied [EACCES]") }
        add { $0.logins.policy = .read(LogindConfiguration()) }
        add { $0.logins.daemon = .refused(.connectionRefused) }
        add { $0.logins.daemon = .silent }
        add { $0.logins.services = [] }
        add { $0.logins.module = nil }
        add { $0.surroundings.x11 = SurroundingFacts.Display(name: "foo") }
        return hosts
    }()

    @Test(arguments: poorHosts.indices) func everyFindingIsWhole(_ index: Int) {
        let findings = Examination(Self.poorHosts[index]).findings
        #expect(Set(findings.map(\.id)).count == findings.count)
        for finding in findings {
            #expect(!finding.found.isEmpty, "\(finding.id)")
            #expect(finding.meaning.hasSuffix("."), "\(finding.id): \(finding.meaning)")
            #expect(!finding.found.contains("\n") && !finding.meaning.contains("\n"))
            #expect((finding.isStrong != nil) == (finding.area == .trackers))
            if finding.state == .yes { #expect(finding.remedies.isEmpty, "\(finding.id)") }
        }
    }

    @Test func withoutACgroupDescentIsStillStrong() {
        var host = HostFacts.sample(uid: 1000)
        host.cgroups = CgroupFacts()
        let examination = Examination(host)
        #expect(examination.trackers == [.descent, .mark(name: "EXEUNT_SESSION")])
        #expect(examination.isStrong)
    }

    @Test func whatNoSessionCanDoWithout() {
        let changes: [(inout HostFacts) -> Void] = [
            { $0.proc.view = .absent }, { $0.proc.view = .foreign }, { $0.kernel = .sample(handles: false) },
            { $0.kernel = .sample(subreaper: false) },
            { $0.childObstacle = SystemError("clone", "process", .noMemory) },
        ]
        for change in changes {
            var host = HostFacts.sample()
            change(&host)
            let examination = Examination(host)
            #expect(examination.trackers.isEmpty)
            #expect(!examination.isStrong)
            let trackers = examination.findings.filter { $0.area == .trackers }
            #expect(trackers.map(\.id) == ["cgroup", "descent", "audit", "mark", "group"].map { "tracker.\($0)" })
            #expect(trackers.allSatisfy { $0.state == .no })
            #expect(trackers.first?.remedies.isEmpty == false)
        }
    }

    @Test func auditTakesRootAndTheCapability() {
        #expect(HostFacts.sample().finding("tracker.audit")?.state == .yes)
        var host = HostFacts.sample(uid: 1000)
        host.audit.missing = "opening an audit session takes root"
        #expect(host.finding("tracker.audit")?.remedies.first?.command == "sudo exeunt run --track audit -- COMMAND")
        host = .sample()
        host.kernel = .sample(audit: .readable)
        #expect(host.finding("tracker.audit")?.remedies.first?.command == "docker run --cap-add AUDIT_CONTROL")
        host.kernel = .sample(audit: .absent)
        #expect(host.finding("tracker.audit")?.state == .no)
    }

    @Test func hiddenEnvironmentsWeakenTheMark() {
        var host = HostFacts.sample(uid: 1000)
        host.proc.environments = ProcFacts.Environments(readable: 3, denied: 1, silent: 1)
        #expect(host.finding("tracker.mark")?.state == .partly)
        #expect(host.finding("tracker.mark")?.found.hasPrefix("3 of 5 ") == true)
        host.proc.environments = ProcFacts.Environments(denied: 2)
        #expect(host.finding("tracker.mark")?.state == .no)
        host.proc.environments = nil
        #expect(host.finding("tracker.mark")?.state == .no)
    }

    @Test(arguments: [
        ("5.13.9", ExeuntEngine.Finding.State.partly), ("5.14.0-70", .yes), ("6.1", .yes), ("10.0", .yes),
        ("x", .partly),
    ])
    func theReleaseIsCompared(_ release: String, _ state: ExeuntEngine.Finding.State) {
        var host = HostFacts.sample()
        host.kernel = .sample(release: release)
        #expect(host.finding("kernel.release")?.state == state)
    }

    @Test func aContainerWantsAFitInit() {
        var host = HostFacts.sample()
        host.surroundings.isInitialPIDNamespace = false
        host.surroundings.isSystemd = false
        host.surroundings.initProcess = SurroundingFacts.InitProcess(name: "bash")
        #expect(host.finding("host.init")?.state == .partly)
        host.surroundings.initProcess.isExeunt = true
        #expect(host.finding("host.init")?.state == .yes)
    }

    @Test func rootHasNoLimitOfProcesses() {
        for (uid, state) in [(UInt32(0), ExeuntEngine.Finding.State.yes), (1000, .partly)] {
            var host = HostFacts.sample(uid: uid)
            host.surroundings.processes = ResourceLimit(soft: 10, hard: 10)
            #expect(host.finding("host.processes")?.state == state)
        }
    }
}
