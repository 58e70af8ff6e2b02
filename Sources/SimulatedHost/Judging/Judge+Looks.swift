// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Judge {
    /// Notes what a look has shown to the supervisor, which the session has not been told yet.
    func looked(_ sightings: [Host.Sighting], isCertain: Bool, _ session: Session) {
        looks += 1
        lastIsCertain = isCertain
        lastSawTargets = false
        for sighting in sightings.sorted(by: { $0.serial < $1.serial }) {
            let serial = sighting.serial
            host.processes[serial].shownBefore = host.processes[serial].shown
            host.processes[serial].shown = looks
            if host.processes[serial].firstShown == 0 { meet(sighting) }
            host.processes[serial].shownInGroup = sighting.process.evidence.contains(.cgroup)
            host.processes[serial].isFair = isFair(sighting)
            // Parents are born before their children, so one pass finds all descendants.
            if isSpared(sighting) { host.processes[serial].isKnownSpared = true }
            if !host.processes[serial].isKnownSpared { meet(serial, session) }
        }
        if case .rung(let index, nil) = session.ending.state {
            // Who is missed by the look that the signals follow from is told in a later round, if there is one.
            for serial in host.present where host.processes[serial].shown != looks {
                if host.processes[serial].metInRung == index { host.processes[serial].metInRung = nil }
            }
        }
        host.say("look \(looks)\(isCertain ? ", certain" : ""): \(sightings.map { host.name($0.serial) })")
    }

    private func meet(_ serial: Int, _ session: Session) {
        lastSawTargets = true
        if case .rung(let index, nil) = session.ending.state { host.processes[serial].metInRung = index }
    }

    private func meet(_ sighting: Host.Sighting) {
        let serial = sighting.serial
        host.processes[serial].firstShown = looks
        guard let leader = host.leader else { return }
        let isInGroup = sighting.process.group == host.processes[leader].identity.pid
        host.processes[serial].wasInLeadersGroup = isInGroup
        // Who has left the group since a signal was passed on to it has had it, but no supervisor can know.
        guard !isInGroup, serial != leader, let signal = host.processes[serial].passedOn else { return }
        host.processes[serial].passedOn = nil
        host.processes[serial].told.remove(signal)
    }

    private func isSpared(_ sighting: Host.Sighting) -> Bool {
        guard !host.scenario.plan.rules.isEmpty else { return false }
        if sighting.parent != host.keeper, host.processes[sighting.parent].isKnownSpared { return true }
        return host.scenario.plan.rules.contains { $0.fits(sighting.process) }
    }

    /// The exit of a child is about to be told.
    func tells(exitOf serial: Int, _ process: ObservedProcess, _ session: Session) {
        guard host.processes[serial].wasKilled, host.processes[serial].diedOfKill, !process.evidence.isEmpty else {
            return
        }
        if case .kill = session.ending.state { host.processes[serial].deathWasTold = true }
    }
}
