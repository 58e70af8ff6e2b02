// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Finds the descendants of this process, which is a subreaper: an orphan becomes its child.
final class DescentTracker {
    private let table: ProcessTable
    private let keeper: Int32
    /// False once the kernel has been seen to lack `/proc/PID/task/TID/children`.
    private var hasChildrenFiles = true

    init(table: ProcessTable, keeper: Int32) {
        self.table = table
        self.keeper = keeper
    }

    /// Every living descendant; the dead ones are left out because nothing descends from them.
    ///
    /// - Parameter known: children of the keeper's that need no look, nor those below them.
    func descendants(beside known: Set<Int32> = []) throws(SystemError) -> [ProcessStat] {
        var direct: [Int32] = []
        guard hasChildrenFiles, try table.appendChildren(of: keeper, threads: 1, to: &direct) else {
            hasChildrenFiles = false
            return try scan(beside: known)
        }
        direct.removeAll { known.contains($0) }
        return try isMostOfTheHost(direct.count) ? scan(beside: known) : walk(from: direct, beside: known)
    }

    /// Going from parent to child reads two files of each member, and nothing of others; reading all of /proc reads one
    /// of everybody.
    private func isMostOfTheHost(_ members: Int) throws(SystemError) -> Bool {
        guard members > 100 else { return false }
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        return members * 2 > pids.count
    }

    /// Goes down from parent to child, which costs nothing for the processes of others.
    private func walk(from direct: [Int32], beside known: Set<Int32>) throws(SystemError) -> [ProcessStat] {
        var found: [ProcessStat] = []
        var seen = known.union([keeper])
        var waiting = direct
        var parents: [Int32: ProcessStat] = [:]
        while let pid = waiting.popLast() {
            guard seen.insert(pid).inserted, let stat = try table.stat(pid), !stat.isDead else { continue }
            // The parent's number and this process's start time come from one read. A child of the keeper's cannot be
            // mistaken: its number is its own until it is reaped here. For others the parent must still be the same.
            if stat.parent != keeper {
                guard let parent = parents[stat.parent], try isSame(parent) else { continue }
            }
            found.append(stat)
            parents[pid] = stat
            _ = try table.appendChildren(of: pid, threads: stat.threads, to: &waiting)
        }
        return found
    }

    private func isSame(_ stat: ProcessStat) throws(SystemError) -> Bool {
        if stat.parent == keeper { return true }
        return try table.stat(stat.pid)?.startTime == stat.startTime
    }

    /// Reads every process there is and keeps those whose parents lead here.
    private func scan(beside known: Set<Int32>) throws(SystemError) -> [ProcessStat] {
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        var children: [Int32: [ProcessStat]] = [:]
        for pid in pids where !known.contains(pid) {
            guard let stat = try table.stat(pid), !stat.isDead else { continue }
            children[stat.parent, default: []].append(stat)
        }
        var found: [ProcessStat] = children[keeper] ?? []
        var next = 0
        while next < found.count {
            let parent = found[next]
            next += 1
            // Parent and child were read at different times: between them the number may have changed hands.
            guard let below = children[parent.pid], try isSame(parent) else { continue }
            found += below
        }
        return found
    }
}
