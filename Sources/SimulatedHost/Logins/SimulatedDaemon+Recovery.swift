// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension SimulatedDaemon {
    /// Finds again what a daemon before this one has known, and what has happened while there was none.
    func recover() throws(DaemonKilled) {
        for id in run.files.ledger.keys.sorted() {
            guard let session = run.files.ledger[id] else { continue }
            try recover(session)
        }
        if sabotage != .forgetsReleases { try feed(.allRecovered) }
        try readNotes()
        for id in run.files.endings.keys.sorted() where registry[id] == nil {
            try act()
            run.files.endings[id] = nil
        }
    }

    private func recover(_ session: TrackedSession) throws(DaemonKilled) {
        let id = session.id
        let leader = session.leader.flatMap { identity in
            sabotage == .ignoresStartTimes ? run.host.holder(of: identity.pid) : run.host.living(identity)
        }
        late.insert(id)
        var finding = RecoveryFinding.leader(isAlive: leader != nil)
        if case .ending = session.state {
            if let file = run.files.endings[id] {
                if file.holder != nil {
                    finding = .enderRuns
                } else if let record = file.record {
                    finding = .enderExited(.recorded(record.verdict, keptUntil: record.keptUntil))
                } else {
                    finding = .enderExited(.killed(hadBegun: sabotage != .runsHooksAgain))
                    if sabotage == .runsHooksAgain { run.files.endings[id] = nil }
                }
            }
        } else {
            try act()
            run.files.endings[id] = nil
            let isLost = session.state == .active && session.lease == nil && leader == nil
            if isLost, sabotage != .admitsOnlyWithLeader { moveLate(session) }
        }
        try feed(.recovered(session, finding))
    }

    /// What the module could not say: first who has closed a session that is known, so that its leader may open another.
    func readNotes() throws(DaemonKilled) {
        for id in run.files.closings.sorted() where registry[id] != nil {
            try act()
            if sabotage != .dropsClosings { try feed(.closed(id, leaderLeaves: EnderOrder.leaderPatience)) }
            run.files.closings.remove(id)
        }
        for id in run.files.notes.keys.sorted() {
            guard let note = run.files.notes[id] else { continue }
            try adopt(id, note)
            try act()
            run.files.notes[id] = nil
        }
        for id in run.files.closings.sorted() {
            try act()
            run.files.closings.remove(id)
        }
    }

    private func adopt(_ id: String, _ note: HostFiles.Note) throws(DaemonKilled) {
        if registry[id] == nil, let around = registry.session(ledBy: note.leader) {
            return run.judge.isInside(note.login, around.id)
        }
        if registry[id] == nil {
            let session = session(id, note)
            late.insert(id)
            if run.host.living(note.leader) == nil {
                try act()
                moveLate(session)
            }
            try feed(.opened(session))
        }
        if run.files.closings.contains(id) { try feed(.closed(id, leaderLeaves: EnderOrder.leaderPatience)) }
    }
}
