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
        feed(.allRecovered)
        let notes = try PendingNotes(pending, failed: { log.failed(nil, $0) })
        for note in notes.openings {
            noting(note.id) { try adopt(note) }
        }
        for id in notes.closed where registry[id] != nil {
            feed(.closed(id, leaderLeaves: Self.leaderPatience))
        }
        notes.remove { log.failed(nil, $0) }
        for id in try endings.names() where registry[id] == nil { noting(nil) { try endings.remove(id) } }
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

    /// A log-in that was told of by a note, as there was no daemon.
    private func adopt(_ note: PendingNote) throws {
        guard note.bootID == ledger.bootID, registry[note.id] == nil, registry.session(ledBy: note.leader) == nil else {
            return
        }
        let process = try living(note.leader, nil)
        let shown = process == nil ? "" : try cgroups.shownPath(of: note.leader.pid)
        // Opened inside a session that has been adopted a moment ago, with all that it had started.
        if let around = enclosing(shown), around.auditSession == note.auditSession || note.auditSession == nil {
            return
        }
        let session = TrackedSession(
            id: note.id, owner: try note.owner(), facts: LoginFacts(note.call), leader: note.leader,
            cgroup: cgroups.adopted(shown: shown) ?? cgroups.leaf(of: note.id),
            auditSession: note.auditSession, opened: note.opened ?? CivilClock.now())
        late.insert(note.id)
        guard let process else {
            // Its ending begins at once, and must find everybody in the cgroup.
            try LateArrivals(session, table, cgroups)?.move()
            return feed(.opened(session))
        }
        begin(session, process)
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
