// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension SimulatedDaemon {
    /// Opens a session that is led by whoever asks, unless it is inside one already.
    func open(_ id: String, _ note: HostFiles.Note) throws(DaemonKilled) -> (session: String, isNested: Bool) {
        if let known = registry.session(ledBy: note.leader) { return (known.id, true) }
        if let task = run.host.living(note.leader), !task.place.isEmpty, let around = enclosing(task.place),
            around.auditSession == task.audit
        {
            return (around.lease?.session ?? around.id, true)
        }
        var id = id
        while registry[id] != nil { id += "+" }
        try feed(.opened(session(id, note)))
        return (id, false)
    }

    /// A session in the cgroup that somebody else has given to its leader, or in one of its own.
    func session(_ id: String, _ note: HostFiles.Note) -> TrackedSession {
        let place = sabotage == .asksTheLeader ? run.host.living(note.leader)?.place ?? "" : note.place
        let isAdopted = place.hasPrefix("/session-")
        let path = isAdopted ? place : LoginHost.leafPrefix + id
        return TrackedSession(
            id: id, owner: 1000, facts: LoginFacts(user: "ann", service: "sshd"), leader: note.leader,
            cgroup: LoginCgroup(path: path, shown: path, isOwn: !isAdopted), auditSession: note.audit,
            opened: run.time)
    }

    private func enclosing(_ place: String) -> TrackedSession? {
        registry.sessions.values.filter { $0.cgroup?.path == place && $0.state == .active }.min { $0.id < $1.id }
    }

    /// Closes a session for its leader.
    func close(_ id: String, by leader: ProcessIdentity, waiting patience: Int64?) throws(DaemonKilled) {
        // Its note may have come a moment ago.
        if registry[id] == nil, sabotage != .readsNotesOnce { try readNotes() }
        guard let session = registry[id] ?? registry.session(ledBy: leader), session.lease == nil else { return }
        if let leaf = session.cgroup, leaf.isOwn, let task = run.host.living(leader), task.place == leaf.path {
            try act()
            run.move(task.serial, to: "")
        }
        let time = EnderOrder.leaderPatience + .nanoseconds(patience ?? 0)
        try feed(.closed(session.id, leaderLeaves: session.leader == leader ? time : EnderOrder.leaderPatience))
        guard let patience, registry[session.id] != nil else { return }
        wait(for: session.id, vacancy: true, atMost: patience)
    }

    func request(_ id: String, isForced: Bool) throws(DaemonKilled) {
        guard registry[id] != nil else { return }
        wait(for: id, vacancy: false, atMost: nil)
        try feed(.requested(id, isForced: isForced))
    }

    private func wait(for id: String, vacancy: Bool, atMost patience: Int64?) {
        run.waiters += 1
        waiting.append(Waiter(serial: run.waiters, session: id, needsOnlyVacancy: vacancy))
        guard let patience else { return }
        run.events.add(.news(number, .waitIsOver(run.waiters)), at: run.time + patience)
    }

    /// Gives a process a lease.
    /// - Returns: its id, or nil where the process is in no session.
    func keep(_ task: LoginHost.Task, for time: Int64, as id: String) throws(DaemonKilled) -> Bool {
        guard let session = enclosing(task.place), session.lease == nil else { return false }
        let path = LoginHost.leasePrefix + id
        let place = LoginCgroup(path: path, shown: path, isOwn: true)
        let lease = Lease(
            session: session.id, command: ["make"], reason: nil, expires: Instant(nanoseconds: run.time + time))
        run.judge.grants(id, lease)
        try feed(
            .opened(
                TrackedSession(
                    id: id, owner: session.owner, facts: session.facts, leader: task.identity, cgroup: place,
                    auditSession: nil, opened: run.time, lease: lease)))
        return true
    }
}
