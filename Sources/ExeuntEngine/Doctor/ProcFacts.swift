// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What can be seen of processes through /proc.
struct ProcFacts: Sendable {
    /// What is seen of the processes of other users.
    enum Others: Sendable {
        /// There are none, or none of /proc can be read.
        case unknown
        case seen
        /// Listed, but what is in their directories cannot be read (`hidepid=1`).
        case unreadable
        /// Not even listed (`hidepid=2`).
        case unlisted
    }

    /// How many environments could be read, of processes of this user.
    struct Environments: Sendable {
        var readable = 0
        var denied = 0
        /// Did not answer in time, or failed otherwise.
        var silent = 0

        var all: Int { readable + denied + silent }
    }

    var view = ProcView.absent
    var others = Others.unknown
    var environments: Environments?
    /// `kernel.yama.ptrace_scope`; nil without Yama.
    var ptraceScope: Int?
    /// The name of the process of root's that keeps the list of log-ins: systemd-logind or elogind.
    var loginKeeper: String?
    /// Processes and threads of the real user.
    var ownThreads = 0

    private static let loginKeepers = ["systemd-logind", "elogind", "elogind-daemon"].map { Array($0.utf8) }

    /// Enough to tell; a user may have very many.
    private static let mostEnvironments = 100

    static func gather() -> ProcFacts {
        var facts = ProcFacts()
        facts.view = ProcView.current()
        guard facts.view == .own else { return facts }
        // try?, here and below: what cannot be read is not known, and said so.
        let yama = (try? readFile("/proc/sys/kernel/yama/ptrace_scope")).map { String(decoding: $0, as: UTF8.self) }
        facts.ptraceScope = yama.flatMap { Int($0.prefix { $0.isNumber }) }
        try? facts.look()
        return facts
    }

    private mutating func look() throws(SystemError) {
        let table = try ProcessTable()
        let uid = CurrentProcess.uid
        var pids: [Int32] = []
        var own: [Int32] = []
        var hasUnreadable = false
        try table.allPIDs(into: &pids)
        for pid in pids {
            guard let owner = try table.owner(pid), let stat = try table.stat(pid) else {
                // One that has exited meanwhile is not hidden.
                if !hasUnreadable { hasUnreadable = try Self.isAlive(pid) }
                continue
            }
            if owner.real != uid && owner.effective != uid { others = .seen }
            if owner.real == 0, Self.loginKeepers.contains(stat.name) { loginKeeper = Escaping.shown(stat.name) }
            guard owner.real == uid else { continue }
            ownThreads += Int(stat.threads)
            if !stat.isKernelThread && !stat.isDead { own.append(pid) }
        }
        if others != .seen {
            // A number can be held without being listed, so that pid 1, which is always there, tells the two apart.
            let hidesInit = pids.contains(1) ? false : try Self.isAlive(1)
            if hidesInit { others = .unlisted } else if hasUnreadable { others = .unreadable }
        }
        environments = try Self.readEnvironments(of: Array(own.prefix(Self.mostEnvironments)))
    }

    private static func isAlive(_ pid: Int32) throws(SystemError) -> Bool {
        guard let handle = try ProcessHandle.open(pid: pid) else { return false }
        return !handle.hasExited
    }

    /// Looks for a mark that nobody has, as a session would for its own.
    private static func readEnvironments(of pids: [Int32]) throws(SystemError) -> Environments {
        let result = try EnvironmentScan.run(
            pids: pids, name: Array(Tracker.sessionMark.utf8), value: Array(SessionID.make().utf8), sameUID: nil,
            patience: .milliseconds(200))
        let silent = result.unreadable.count
        return Environments(
            readable: pids.count - silent - result.denied.count, denied: result.denied.count, silent: silent)
    }
}
