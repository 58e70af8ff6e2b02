// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// Whoever log-ins have started before the daemon knew of them: what descends from their leaders, and what has their audit
/// sessions. One look at the host serves all of them.
struct LateArrivals {
    private let table: ProcessTable
    private let cgroups: LoginCgroups
    private var byAudit: [UInt32: LoginCgroup] = [:]
    private var leaders: [ProcessIdentity: LoginCgroup] = [:]
    /// An administrator may have started the daemon from within a session.
    private let exempt: Set<ProcessIdentity>
    /// Somebody who forks faster than it is moved is moved with the next round; whoever is inside forks inside.
    private static let rounds = 16

    /// Those of sessions that have cgroups of Exeunt's own.
    init(_ sessions: [TrackedSession], _ table: ProcessTable, _ cgroups: LoginCgroups) throws(SystemError) {
        self.table = table
        self.cgroups = cgroups
        exempt = try table.ancestry()
        for session in sessions where session.lease == nil {
            guard let leaf = session.cgroup, leaf.isOwn else { continue }
            try cgroups.make(leaf)
            if let audit = session.auditSession { byAudit[audit] = leaf }
            if let leader = session.leader { leaders[leader] = leaf }
        }
    }

    /// Moves them into their sessions' cgroups.
    func move() throws(SystemError) {
        if byAudit.isEmpty, leaders.isEmpty { return }
        for _ in 0..<Self.rounds {
            var isComplete = true
            for (stat, leaf) in try found() where try moved(stat, into: leaf) { isComplete = false }
            if isComplete { return }
        }
    }

    private func found() throws(SystemError) -> [(ProcessStat, LoginCgroup)] {
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        var children: [Int32: [ProcessStat]] = [:]
        var found: [(ProcessStat, LoginCgroup)] = []
        var roots: [(ProcessStat, LoginCgroup)] = []
        for pid in pids where pid > 1 {
            guard let stat = try table.stat(pid), !stat.isDead, !stat.isKernelThread else { continue }
            children[stat.parent, default: []].append(stat)
            if let leaf = leaders[ProcessIdentity(pid: pid, startTime: stat.startTime)] { roots.append((stat, leaf)) }
            if !byAudit.isEmpty, let audit = try table.auditSession(pid), let leaf = byAudit[audit] {
                found.append((stat, leaf))
            }
        }
        // A leader inside of another one's tree is the other one's: sessions do not nest.
        var waiting = roots
        while let (parent, leaf) = waiting.popLast() {
            found.append((parent, leaf))
            for child in children.removeValue(forKey: parent.pid) ?? [] { waiting.append((child, leaf)) }
        }
        return found
    }

    /// - Returns: whether it had to be moved, and was.
    private func moved(_ stat: ProcessStat, into leaf: LoginCgroup) throws(SystemError) -> Bool {
        // One that is in a session or a lease already, be it this one or another, stays there.
        guard !exempt.contains(ProcessIdentity(pid: stat.pid, startTime: stat.startTime)),
            case .other = try cgroups.place(of: stat.pid), let handle = try ProcessHandle.open(pid: stat.pid),
            try table.stat(stat.pid)?.startTime == stat.startTime
        else { return false }
        do throws(SystemError) {
            try cgroups.move(handle, into: leaf)
        } catch {
            if error.errno == .noSuchProcess { return false }
            throw error
        }
        return true
    }
}
