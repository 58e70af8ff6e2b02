// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig

@testable import ExeuntEngine
@testable import LinuxSystem

extension KernelFeatures {
    static func sample(
        release: String = "6.18.0", handles: Bool = true, clone3: Bool = true, subreaper: Bool = true,
        audit: Audit = .writable
    ) -> KernelFeatures {
        KernelFeatures(
            release: release, pidfd: handles, pidfdSignals: handles, processGroupSignals: handles, pidfdInfo: handles,
            pidfs: handles, pidfsHandles: handles, peerPidfd: handles, clone3: clone3, subreaper: subreaper,
            triedOrphan: true, childrenFile: true, audit: audit)
    }
}

extension HostFacts {
    /// A host that has everything, for root.
    static func sample(uid: UInt32 = 0) -> HostFacts {
        var proc = ProcFacts()
        proc.view = .own
        proc.others = .seen
        proc.environments = ProcFacts.Environments(readable: 5)
        proc.ptraceScope = 1
        proc.loginKeeper = "systemd-logind"
        proc.ownThreads = 7
        var around = SurroundingFacts()
        around.isInitialPIDNamespace = true
        around.isInitialUserNamespace = true
        around.initProcess.name = "systemd"
        around.isSystemd = true
        around.pamLibrary = "/lib/libpam.so.0"
        around.pamModules = "/lib/security"
        around.x11 = SurroundingFacts.Display(name: ":0", isValid: true, outcome: .connected)
        around.wayland = SurroundingFacts.Display(name: "wayland-0", isValid: true, outcome: .connected)
        around.descriptors = ResourceLimit(soft: 1024, hard: 524_288)
        around.processes = ResourceLimit(soft: nil, hard: nil)
        return HostFacts(
            user: UserFacts(uid: uid, effectiveUID: uid, caller: 4711), childObstacle: nil, kernel: .sample(),
            proc: proc, cgroups: .sample(), audit: AuditFacts(session: 3, loginUID: uid, missing: nil),
            surroundings: around, logins: .sample())
    }

    func finding(_ id: String) -> ExeuntEngine.Finding? { Examination(self).findings.first { $0.id == id } }
}

extension LoginSurroundings {
    /// A host where Exeunt is told of log-ins, and alone ends them.
    static func sample() -> LoginSurroundings {
        var configuration = LogindConfiguration()
        configuration.killUserProcesses = false
        var facts = LoginSurroundings()
        facts.keeper = .logind
        facts.policy = .read(configuration)
        facts.daemon = .connected
        facts.services = ["common-session", "common-session-noninteractive"]
        facts.module = "/lib/security/pam_exeunt.so"
        facts.hasPAMProfiles = true
        return facts
    }
}

extension CgroupFacts {
    static func sample() -> CgroupFacts {
        var facts = CgroupFacts()
        facts.isInKernel = true
        facts.versionTwo = ["/sys/fs/cgroup"]
        facts.membership = "/a"
        facts.own = OwnGroup(
            path: "/sys/fs/cgroup/a", mountPoint: "/sys/fs/cgroup", owner: 0, listOwner: 0, type: "domain",
            controllers: ["memory", "pids"], domainAbove: "/sys/fs/cgroup")
        facts.leaf.outcome = .born
        return facts
    }

    /// As if making the leaf had failed with this.
    static func sample(refused errno: Errno) -> CgroupFacts {
        var facts = sample()
        facts.leaf.outcome = .refused(SystemError("write", "/sys/fs/cgroup/a/cgroup.procs", errno))
        return facts
    }
}
