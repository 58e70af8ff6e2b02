// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What was seen of the host, before anything is concluded from it.
struct HostFacts: Sendable {
    var user: UserFacts
    /// What keeps this process from having children; nil when nothing does.
    var childObstacle: SystemError?
    var kernel: KernelFeatures
    var proc: ProcFacts
    var cgroups: CgroupFacts
    var audit: AuditFacts
    var surroundings: SurroundingFacts
    var logins: LoginSurroundings

    struct UserFacts: Sendable {
        var uid: UInt32
        var effectiveUID: UInt32
        /// Who asks: usually the shell.
        var caller: Int32

        var isRoot: Bool { effectiveUID == 0 }

        /// Who asks, for commands: an init, or somebody outside of the pid namespace, is nobody to be moved.
        var callerWord: String { caller > 1 ? String(caller) : "PID" }
        /// The same for people.
        var callerName: String { caller > 1 ? "the process that asked (\(caller))" : "your shell (PID)" }
    }

    struct AuditFacts: Sendable {
        /// The session this process is in.
        var session: UInt32?
        var loginUID: UInt32?
        /// What keeps `--track audit` from being taken.
        var missing: String?
    }

    static func gather() -> HostFacts {
        // An ignored SIGCHLD would take the exit codes of the probes away.
        // try?: then nothing can be told of them, which is what they find.
        try? CurrentProcess.setIgnored(.chld, false)
        let surroundings = SurroundingFacts.gather()
        let proc = ProcFacts.gather()
        return HostFacts(
            user: UserFacts(
                uid: CurrentProcess.uid, effectiveUID: CurrentProcess.effectiveUID, caller: CurrentProcess.parent),
            childObstacle: probeSpawn(SpawnRequest(arguments: [], environment: []))?.error,
            kernel: .probe(), proc: proc, cgroups: .gather(),
            // try?: what cannot be read is not known.
            audit: AuditFacts(
                session: try? CurrentProcess.auditSession(), loginUID: try? CurrentProcess.loginUID(),
                missing: AuditSession.missing),
            surroundings: surroundings, logins: .gather(surroundings, proc))
    }

    /// What is missing without which nothing can be tracked at all.
    var obstacles: [Obstacle] {
        var found: [Obstacle] = []
        switch proc.view {
        case .own: break
        case .absent: found.append(.noProc)
        case .foreign: found.append(.foreignProc)
        }
        if let childObstacle { found.append(.noChildren(childObstacle)) }
        if !kernel.pidfd || !kernel.pidfdSignals { found.append(.noHandles) }
        if !kernel.subreaper { found.append(.noSubreaper) }
        return found
    }

    /// What `exeunt run` would take if it is not told.
    var trackersOfARun: [Tracker] {
        guard obstacles.isEmpty else { return [] }
        return cgroups.leaf.outcome == .born ? [.cgroup, .descent] : TrackerChoice.withoutCgroup
    }
}

/// Something that no session can do without.
enum Obstacle: Hashable, Sendable {
    case noProc, foreignProc, noHandles, noSubreaper
    case noChildren(SystemError)

    /// What is wrong.
    var found: String {
        switch self {
        case .noProc: "/proc is not mounted"
        case .foreignProc: "/proc belongs to another pid namespace, where these numbers are other processes"
        case .noHandles: "the kernel gives no handles of processes (pidfd_open, pidfd_send_signal)"
        case .noChildren(let error): error.description
        case .noSubreaper: "orphans do not come to a subreaper (prctl PR_SET_CHILD_SUBREAPER)"
        }
    }

    /// What that means for a session.
    var meaning: String {
        switch self {
        case .noProc: "No process can be looked at, and 'exeunt run' does not run."
        case .foreignProc: "The members of a session could not be found, and 'exeunt run' refuses to run."
        case .noHandles: "Nobody can be signalled for certain, so that nobody is, and left-overs stay."
        case .noChildren: "No payload can be started."
        case .noSubreaper: "Orphans of a payload are lost to pid 1, and 'exeunt run' refuses to run."
        }
    }

    var remedy: Remedy {
        switch self {
        case .noProc: Remedy("as root", "mount -t proc proc /proc")
        case .foreignProc:
            Remedy("give the pid namespace a /proc of its own", "unshare --pid --fork --mount-proc COMMAND")
        case .noChildren: Remedy("more processes for this user (see 'processes' below), or for this container")
        case .noHandles, .noSubreaper:
            Remedy("a kernel of 5.14 or newer, and a container run time that does not filter these calls")
        }
    }
}
