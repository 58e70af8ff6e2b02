// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Simulation {
    /// How long after a look has failed it is tried again.
    static let recovery: Int64 = 50_000_000

    /// Answers `observe`: whatever can be reaped is told first, then the host is looked at.
    func observe() {
        // A look that had failed, and is too late.
        if session.ending.isOver { return }
        reap()
        if host.random.chance(scenario.faults.failedLooks) {
            judge.spend(Self.recovery)
            isRecovering = true
            return host.notices.add(.canLookAgain, at: host.now + Self.recovery)
        }
        judge.spend(scenario.faults.lookCost)
        let (sightings, vouched) = host.look(isShort: host.random.chance(scenario.faults.shortLooks))
        let admitted = sightings.filter { sighting in
            protection.admits(sighted(sighting.process), otherSession: sighting.isInOtherSession)
        }
        let isCertain = vouched || sabotage == .trustsOneLook
        var observation = Observation(members: admitted.map { passed($0.process) }, isCertain: isCertain)
        judge.looked(admitted, isCertain: vouched, session)
        if sabotage == .looksOnce, let firstLook { observation = firstLook }
        firstLook = firstLook ?? observation
        feed(.ending(.observed(observation)))
    }

    private func sighted(_ process: ObservedProcess) -> ObservedProcess {
        guard sabotage == .countsWeakEvidenceAcrossUsers else { return process }
        var everybody = process
        everybody.owner = .max
        return everybody
    }

    private func passed(_ process: ObservedProcess) -> ObservedProcess {
        guard sabotage == .losesFamilies else { return process }
        var orphan = process
        orphan.parent = host.processes[host.keeper].identity.pid
        return orphan
    }

    /// Collects the keeper's dead children and tells of each.
    func reap() {
        let dead = host.present.filter { serial in
            host.processes[serial].parent == host.keeper && host.processes[serial].life == .zombie
                && serial != host.keeper
        }
        for serial in dead {
            let process = host.processes[serial]
            host.release(serial)
            let seen = host.observed(serial, lastEvidence(of: serial))
            let exited = SessionEvent.ending(.exited(seen, killed: process.diedOfKill))
            judge.tells(exitOf: serial, seen, session)
            guard serial == host.leader else {
                feed(exited)
                continue
            }
            let order = scenario.faults.sessionHearsFirst ? [.leaderExited, exited] : [exited, .leaderExited]
            for event in order { feed(event) }
        }
        if !dead.isEmpty, !host.hasChildren, scenario.trackers.contains(.descent) {
            judge.notesEmptiness()
            feed(.ending(.emptied))
        }
    }

    /// Of a dead process only its parent and its control group can still be read.
    private func lastEvidence(of serial: Int) -> Evidence {
        var evidence: Evidence = []
        if scenario.trackers.contains(.descent) { evidence.insert(.descent) }
        if scenario.trackers.contains(.cgroup), host.processes[serial].place.isInSession { evidence.insert(.cgroup) }
        return evidence
    }
}
