// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// Whoever log-ins have started before the daemon knew of them: what descends from their leaders, and what has their audit
/// sessions. One look at the host serves all of them; what fails with one process, or one session, costs no other.
struct LateArrivals {
    private let table: ProcessTable
    private let cgroups: LoginCgroups
    private var byAudit: [UInt32: LoginCgroup] = [:]
    private var leaders: [ProcessIdentity: LoginCgroup] = [:]
    /// An administrator may have started the daemon from within a session.
    private let exempt: Set<ProcessIdentity>
    private let failed: (String?, any Error) -> Void
    /// Those that could not be moved, which has been said.
    private var lost: Set<ProcessIdentity> = []
    /// Somebody who forks faster than it is moved is moved with the next round; whoever is inside forks inside.
    private static let rounds = 16

    /// Those of sessions that have cgroups of Exeunt's own.
    ///
    /// - Parameter failed: is told what has failed, and with which session if it is about one as a whole.
    init(
        _ sessions: [TrackedSession], _ table: ProcessTable, _ cgroups: LoginCgroups,
        failed: @escaping (String?, any Error) -> Void
    ) throws(SystemError) {
        self.failed = failed
        self.table = table
        self.cgroups = cgroups
        exempt = try table.ancestry()
        for session in sessions where session.lease == nil {
            guard let leaf = session.cgroup, leaf.isOwn else { continue }
            do throws(SystemError) {
                try cgroups.make(leaf)
            } catch {
                failed(session.id, error)
                continue
            }
            if let audit = session.auditSession { byAudit[audit] = leaf }
            if let leader = session.leader { leaders[leader] = leaf }
        }
    }

    /// Moves them into their sessions' cgroups.
    mutating func move() throws(SystemError) {
        if byAudit.isEmpty, leaders.isEmpty { return }
        for _ in 0..<Self.rounds {
            var isComplete = true
            for (stat, leaf) in try found() where moved(stat, into: leaf) { isComplete = false }
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
            // try?: whoever cannot be looked at is nobody's.
            guard let stat = try? table.stat(pid), !stat.isDead, !stat.isKernelThread else { continue }
            children[stat.parent, default: []].append(stat)
            if let leaf = leaders[ProcessIdentity(pid: pid, startTime: stat.startTime)] { roots.append((stat, leaf)) }
            // try?: likewise.
            if !byAudit.isEmpty, let audit = try? table.auditSession(pid), let leaf = byAudit[audit] {
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
    private mutating func moved(_ stat: ProcessStat, into leaf: LoginCgroup) -> Bool {
        let identity = ProcessIdentity(pid: stat.pid, startTime: stat.startTime)
        guard !exempt.contains(identity), !lost.contains(identity) else { return false }
        do throws(SystemError) {
            return try moved(identity, into: leaf)
        } catch {
            if error.errno == .noSuchProcess { return false }
            lost.insert(identity)
            failed(nil, error)
            return false
        }
    }

    private func moved(_ identity: ProcessIdentity, into leaf: LoginCgroup) throws(SystemError) -> Bool {
        // One that is in a session or a lease already, be it this one or another, stays there.
        guard case .other = try cgroups.place(of: identity.pid),
            let handle = try ProcessHandle.open(pid: identity.pid),
            try table.stat(identity.pid)?.startTime == identity.startTime
        else { return false }
        try cgroups.move(handle, into: leaf)
        return true
    }
}
