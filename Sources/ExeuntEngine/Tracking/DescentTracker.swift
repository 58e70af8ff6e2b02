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
        if hasChildrenFiles, let found = try walk(beside: known) { return found }
        hasChildrenFiles = false
        return try scan()
    }

    /// Goes down from parent to child, which costs nothing for the processes of others.
    private func walk(beside known: Set<Int32>) throws(SystemError) -> [ProcessStat]? {
        var found: [ProcessStat] = []
        var seen = known.union([keeper])
        var waiting: [Int32] = []
        guard try table.appendChildren(of: keeper, threads: 1, to: &waiting) else { return nil }
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
    private func scan() throws(SystemError) -> [ProcessStat] {
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        var children: [Int32: [ProcessStat]] = [:]
        for pid in pids {
            guard let stat = try table.stat(pid), !stat.isDead else { continue }
            children[stat.parent, default: []].append(stat)
        }
        var found: [ProcessStat] = []
        var waiting = [keeper]
        var seen: Set<Int32> = [keeper]
        while let pid = waiting.popLast() {
            for child in children[pid] ?? [] where seen.insert(child.pid).inserted {
                found.append(child)
                waiting.append(child.pid)
            }
        }
        return found
    }
}
