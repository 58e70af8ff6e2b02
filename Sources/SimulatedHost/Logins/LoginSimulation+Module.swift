// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension LoginSimulation {
    /// The module in the process that a log-in has.
    struct Module {
        var leader: Int?
        /// What it has opened; nil: nothing, or it is inside another session.
        var session: String?
        /// Whether it waits for the daemon's answer still.
        var isOpening = false
        var isClosed = false
        /// What it leaves if nobody answers.
        var note: HostFiles.Note?
        var children: [Int: Int] = [:]
    }

    func opens(_ login: Int) {
        let script = scenario.logins[login]
        let id = "s\(login)"
        let path = script.isAdopted ? "/session-\(login).scope" : LoginHost.leafPrefix + id
        let leader = leader(of: login, path)
        modules[login].leader = leader
        let task = host.tasks[leader]
        let note = HostFiles.Note(login: login, leader: task.identity, audit: task.audit, place: task.place)
        say("log-in \(login) is opened by \(name(leader))")
        modules[login].session = id
        if let around = task.login, around != login { judge.isInside(login, judge.session(of: around)) }
        schedule(login)
        for _ in 0..<(script.isTwice ? 2 : 1) { ask(login, id, note) }
    }

    private func leader(of login: Int, _ path: String) -> Int {
        let script = scenario.logins[login]
        if let earlier = script.ledBy, let leader = modules[earlier].leader, host.tasks[leader].isAlive {
            // Inside its first session it opens no other.
            if !judge.isOver(earlier) { return leader }
            if modules[earlier].isClosed {
                host.begin(UInt32(login + 1), login, by: leader)
                move(leader, to: script.isAdopted ? path : "")
                return leader
            }
        }
        let leader = LoginScenario.Child(starts: 0, goes: 1_000_000)
        return host.bear(
            login, leader, isLeader: true, place: script.isAdopted ? path : "", audit: UInt32(login + 1), at: time)
    }

    private func schedule(_ login: Int) {
        let script = scenario.logins[login]
        guard let exits = script.exits, let leader = modules[login].leader else { return }
        events.add(.dies(leader), at: time + (script.closes ?? 0) + exits)
    }

    private func ask(_ login: Int, _ id: String, _ note: HostFiles.Note) {
        guard modules[login].note == nil else { return }
        var answer: (session: String, isNested: Bool)?
        asking { daemon throws(DaemonKilled) in answer = try daemon.open(id, note) }
        let isInside = answer?.isNested == true && answer?.session != modules[login].session
        if isInside, let around = answer?.session { judge.isInside(login, around) }
        if let answer, !random.chance(scenario.faults.lateAnswers) {
            judge.opens(login)
            if isInside {
                modules[login].session = nil
            } else {
                modules[login].session = answer.session
            }
            return
        }
        modules[login].note = note
        modules[login].isOpening = true
        // Dead, it answers at once: the connection is closed.
        events.add(.noteIsLeft(login), at: time + (answer == nil ? 1_000_000 : 1_000_000_000))
    }

    func leaveNote(_ login: Int) {
        modules[login].isOpening = false
        guard let note = modules[login].note, let leader = modules[login].leader, host.tasks[leader].isAlive,
            let id = modules[login].session
        else { return }
        judge.opens(login)
        say("a note of log-in \(login) is left")
        files.notes[id] = note
        if sabotage != .readsNotesOnce { daemon?.expect(.noteIsThere) }
    }

    func closes(_ login: Int) {
        guard let leader = modules[login].leader, host.tasks[leader].isAlive, !modules[login].isClosed else { return }
        // The process closes nothing before it has got out of the opening.
        if modules[login].isOpening { return events.add(.closes(login), at: time + 1_100_000_000) }
        modules[login].isClosed = true
        guard let id = modules[login].session else { return }
        say("log-in \(login) is closed")
        judge.mayEnd(login)
        judge.closes(login)
        let identity = host.tasks[leader].identity
        let isHeard = asking { daemon throws(DaemonKilled) in
            try daemon.close(id, by: identity, waiting: scenario.logins[login].waits)
        }
        if judge.owner(of: login) == login { judge.mustEnd(login) }
        if isHeard, !random.chance(scenario.faults.lateAnswers) {
            files.notes[id] = nil
        } else if sabotage == .closingUndoesOpening, files.notes[id] != nil {
            files.notes[id] = nil
        } else {
            files.closings.insert(id)
            if sabotage != .readsNotesOnce { daemon?.expect(.noteIsThere) }
        }
    }
}
