// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension SimulatedDaemon {
    /// Carries one action out.
    func perform(_ action: RegistryAction) throws(DaemonKilled) {
        switch action {
        case .store(let id): try store(id)
        case .forget(let id): try forget(id)
        case .admit(let id): try admit(id)
        case .watchLeader(let id): try watchLeader(id)
        case .startEnder(let id, let order): try startEnder(id, order)
        case .tellEnder(let id, let news): try tell(id, news)
        case .watchEnder(let id): try watchEnder(id)
        case .note(let id): try note(id)
        case .watchEmpty(let id): watchEmpty(id)
        case .setTimer(let instant): setTimer(instant)
        }
    }

    private func store(_ id: String) throws(DaemonKilled) {
        guard let session = registry[id] else { return }
        try act()
        run.files.ledger[id] = session
        guard case .kept = session.state else { return }
        try act()
        run.files.endings[id] = nil
    }

    private func forget(_ id: String) throws(DaemonKilled) {
        leaders[id] = nil
        kept.remove(id)
        if sabotage != .keepsNotes {
            // Before the ledger: whoever finds a note of a session that nobody knows opens it.
            try act()
            run.files.notes[id] = nil
            run.files.closings.remove(id)
        }
        if sabotage == .removesFileFirst {
            try act()
            run.files.endings[id] = nil
        }
        try act()
        run.files.ledger[id] = nil
        // Only now: who finds a session in the ledger that is ending, and no file, would begin to end it.
        try act()
        run.files.endings[id] = nil
        answer { $0.session == id }
    }

    func admit(_ id: String) throws(DaemonKilled) {
        guard let session = registry[id], let leaf = session.cgroup, leaf.isOwn else { return }
        try act()
        if let leader = session.leader, let task = run.host.living(leader), !hasClosed(id) {
            run.move(task.serial, to: leaf.path)
        }
        if late.remove(id) != nil, session.lease == nil { moveLate(session) }
    }

    /// A leader that has closed its session while there was no daemon may have opened another.
    private func hasClosed(_ id: String) -> Bool { run.files.closings.contains(id) }

    /// Moves whoever the log-in has started before the daemon knew of it.
    func moveLate(_ session: TrackedSession) {
        guard let leaf = session.cgroup, leaf.isOwn else { return }
        for (task, _) in run.host.members(of: session) where task.place != leaf.path {
            if task.identity == session.leader, hasClosed(session.id) { continue }
            run.move(task.serial, to: leaf.path)
        }
    }

    func watchLeader(_ id: String) throws(DaemonKilled) {
        guard let leader = registry[id]?.leader else { return }
        let isAlive =
            sabotage == .ignoresStartTimes ? run.host.holder(of: leader.pid) != nil : run.host.living(leader) != nil
        guard isAlive else { return try feed(.leaderExited(id)) }
        leaders[id] = leader
    }

    func startEnder(_ id: String, _ order: EnderOrder) throws(DaemonKilled) {
        guard let session = registry[id] else { return }
        leaders[id] = nil
        kept.remove(id)
        try act()
        if run.random.chance(run.scenario.faults.failedForks) {
            run.say("no process for the ending of \(id)")
            return expect(.retry(id), after: 200_000_000)
        }
        enders[id] = (run.fork(session, order, by: number), true)
    }

    private func tell(_ id: String, _ news: EnderNews) throws(DaemonKilled) {
        guard let ender = enders[id] else { return }
        try act()
        // Another daemon's hears a signal, which says no more than that.
        guard ender.isChild || news == .hurry else { return }
        run.tell(ender.serial, news)
    }

    func watchEnder(_ id: String) throws(DaemonKilled) {
        guard let holder = run.files.endings[id]?.holder else { return try enderExited(id) }
        enders[id] = (holder, false)
    }

    func enderExited(_ id: String) throws(DaemonKilled) {
        enders[id] = nil
        let file = run.files.endings[id]
        if file?.holder != nil { return try watchEnder(id) }
        if let record = file?.record {
            return try feed(.enderExited(id, .recorded(record.verdict, keptUntil: record.keptUntil)))
        }
        let hadBegun = file != nil && sabotage != .runsHooksAgain
        if sabotage == .runsHooksAgain { run.files.endings[id] = nil }
        try feed(.enderExited(id, .killed(hadBegun: hadBegun)))
    }

    private func note(_ id: String) throws(DaemonKilled) {
        guard let record = run.files.endings[id]?.record else { return }
        try act()
        if sabotage == .appendsAlways || !run.files.records.contains(where: { $0.ender == record.ender }) {
            run.files.records.append(record)
        }
        if sabotage != .answersNobody { answer { $0.session == id } }
    }

    private func watchEmpty(_ id: String) {
        guard let place = registry[id]?.cgroup else { return }
        kept.insert(id)
        if run.host.isEmpty(place.path) { expect(.emptied(id)) }
    }
}
