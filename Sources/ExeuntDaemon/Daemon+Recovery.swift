// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

extension Daemon {
    /// Finds again what a daemon before this one has known, and what has begun while there was none.
    func recover() throws {
        for found in try ledger.all(failed: { log.failed(nil, $0) }) {
            noting(found.session.id) { try recover(found) }
        }
        for note in try PendingNote.all(in: pending, failed: { log.failed(nil, $0) }) {
            noting(note.id) { try adopt(note) }
            noting(note.id) { try note.remove(from: pending) }
        }
        for id in try endings.names() where registry[id] == nil { try endings.remove(id) }
        noting(nil) { try removeStrayLeaves() }
    }

    private func recover(_ found: Ledger.Found) throws {
        let id = found.session.id
        let leader = try found.session.leader.flatMap { try living($0, found.fileHandle) }
        leaders[id] = leader
        late.insert(id)
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
            try endings.remove(id)
        }
        feed(.recovered(found.session, finding))
    }

    /// The very process, if it lives.
    private func living(_ identity: ProcessIdentity, _ fileHandle: [UInt8]?) throws -> WatchedProcess? {
        if let fileHandle {
            guard let handle = ProcessHandle.reopen(fileHandle, pid: identity.pid), !handle.hasExited else { return nil }
            return WatchedProcess(handle)
        }
        guard let handle = try ProcessHandle.open(pid: identity.pid), !handle.hasExited,
            try table.stat(identity.pid)?.startTime == identity.startTime
        else { return nil }
        return WatchedProcess(handle)
    }

    /// A log-in that was told of by a note, as there was no daemon.
    private func adopt(_ note: PendingNote) throws {
        guard note.bootID == ledger.bootID else { return }
        if registry[note.id] == nil, registry.session(ledBy: note.leader) == nil {
            let process = try living(note.leader, nil)
            let shown = process == nil ? "" : try cgroups.shownPath(of: note.leader.pid)
            let session = TrackedSession(
                id: note.id, owner: try note.owner(), facts: LoginFacts(note.call), leader: note.leader,
                cgroup: cgroups.adopted(shown: shown) ?? cgroups.leaf(of: note.id),
                auditSession: note.auditSession, opened: note.opened ?? CivilClock.now())
            late.insert(note.id)
            if let process { begin(session, process) } else { feed(.opened(session)) }
            if process == nil { try LateArrivals(session, table, cgroups)?.move() }
        }
        if note.isClosed { feed(.closed(note.id, leaderLeaves: Self.leaderPatience)) }
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
