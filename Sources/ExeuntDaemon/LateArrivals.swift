// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// Whoever a log-in has started before the daemon knew of it: what descends from its leader, and what has its audit session.
struct LateArrivals {
    private let session: TrackedSession
    private let leaf: LoginCgroup
    private let table: ProcessTable
    private let cgroups: LoginCgroups
    /// Somebody who forks faster than it is moved is moved with the next round; whoever is inside forks inside.
    private static let rounds = 16

    init(_ session: TrackedSession, _ leaf: LoginCgroup, _ table: ProcessTable, _ cgroups: LoginCgroups) {
        self.session = session
        self.leaf = leaf
        self.table = table
        self.cgroups = cgroups
    }

    /// Those of a session whose leader is gone; nil where they cannot be moved.
    init?(_ session: TrackedSession, _ table: ProcessTable, _ cgroups: LoginCgroups) throws(SystemError) {
        guard let leaf = session.cgroup, leaf.isOwn else { return nil }
        try cgroups.make(leaf)
        self.init(session, leaf, table, cgroups)
    }

    /// Moves them into the session's cgroup.
    func move() throws(SystemError) {
        for _ in 0..<Self.rounds {
            var isComplete = true
            for stat in try found() where try moved(stat) { isComplete = false }
            if isComplete { return }
        }
    }

    private func found() throws(SystemError) -> [ProcessStat] {
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        var children: [Int32: [ProcessStat]] = [:]
        var found: [ProcessStat] = []
        for pid in pids where pid > 1 {
            guard let stat = try table.stat(pid), !stat.isDead, !stat.isKernelThread else { continue }
            children[stat.parent, default: []].append(stat)
            if let audit = session.auditSession, try table.auditSession(pid) == audit { found.append(stat) }
        }
        guard let leader = session.leader, try table.stat(leader.pid)?.startTime == leader.startTime else {
            return found
        }
        var waiting = [leader.pid]
        while let parent = waiting.popLast() {
            for child in children.removeValue(forKey: parent) ?? [] {
                found.append(child)
                waiting.append(child.pid)
            }
        }
        return found
    }

    /// - Returns: whether it had to be moved, and was.
    private func moved(_ stat: ProcessStat) throws(SystemError) -> Bool {
        if try cgroups.isInside(stat.pid, leaf) { return false }
        // Another session's, or a lease's.
        if case .other = try cgroups.place(of: stat.pid) {} else { return false }
        guard let handle = try ProcessHandle.open(pid: stat.pid),
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
