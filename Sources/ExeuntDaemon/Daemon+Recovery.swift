// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

extension Daemon {
    /// Finds again what a daemon before this one has known, and what has begun while there was none.
    func recover() throws {
        let known = try ledger.all(failed: { log.failed(nil, $0) })
        // Whoever was started after an opening that was cut short need not be in its session's cgroup. Before anything
        // else: an ending may begin at once, and must find everybody there.
        let active = known.map(\.session).filter { $0.state == .active }
        noting(nil) { try moveLateArrivals(of: active) }
        for found in known {
            noting(found.session.id) { try recover(found) }
        }
        feed(.allRecovered)
        adoptNotes()
        // Forgotten, and then the daemon was killed.
        for id in try endings.names() where registry[id] == nil { noting(nil) { try handOver(id) } }
        writeRecords()
        noting(nil) { try removeStrayLeaves() }
        noting(nil) {
            strayLeases = try StrayLeases(self)
            strayLeases?.look()
        }
    }

    private func recover(_ found: Ledger.Found) throws {
        let id = found.session.id
        let leader = try found.session.leader.flatMap { try living($0, found.fileHandle) }
        leaders[id] = leader
        var finding = RecoveryFinding.leader(isAlive: leader != nil)
        if case .ending = found.session.state {
            switch try endings.state(of: id) {
            case .none: break
            case .running: finding = .enderRuns
            case .done(let summary, _): finding = .enderExited(summary.exit)
            case .killed: finding = .enderExited(.killed(hadBegun: true))
            }
        } else {
            // Of an ending that was noted before.
            try handOver(id)
        }
        feed(.recovered(found.session, finding))
    }

    /// The very process, if it lives.
    func living(_ identity: ProcessIdentity, _ fileHandle: [UInt8]?) throws -> WatchedProcess? {
        if let fileHandle {
            guard let handle = ProcessHandle.reopen(fileHandle, pid: identity.pid), !handle.hasExited else {
                return nil
            }
            return WatchedProcess(handle)
        }
        guard let handle = try ProcessHandle.open(pid: identity.pid), !handle.hasExited,
            try table.stat(identity.pid)?.startTime == identity.startTime
        else { return nil }
        return WatchedProcess(handle)
    }

    /// Leaves that a daemon has made and was killed before anybody was moved there.
    private func removeStrayLeaves() throws {
        for (id, leaf) in try cgroups.leaves() where registry[id] == nil {
            guard let cgroup = try leaf.open() else { continue }
            if try cgroup.remove(patience: .zero) { continue }
            log.said(.warning, "somebody is in \(leaf.path), of which nothing is known: it is left alone")
        }
    }
}
