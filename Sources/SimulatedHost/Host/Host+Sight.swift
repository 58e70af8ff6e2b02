// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Host {
    /// A process as a look showed it, with what the judge may know besides.
    struct Sighting {
        let serial: Int
        let parent: Int
        let isInOtherSession: Bool
        let process: ObservedProcess
    }

    /// Why a process counts as a member at this moment, for the trackers that are in use.
    func evidence(of serial: Int) -> Evidence {
        scenario.trackers.reduce(into: []) { evidence, tracker in
            if shows(tracker, serial) { evidence.insert(tracker.evidence) }
        }
    }

    private func shows(_ tracker: Tracker, _ serial: Int) -> Bool {
        let process = processes[serial]
        switch tracker {
        case .cgroup: return process.place.isInSession
        case .descent: return descends(serial)
        case .audit: return process.audit == 1
        case .mark: return process.mark == .ours && canRead(process)
        case .group:
            guard let leader else { return false }
            let pid = processes[leader].identity.pid
            // The number is the leader's for as long as nobody else is born with it.
            guard holder(of: pid) == nil || holder(of: pid) == leader else { return false }
            return process.group == pid || process.kernelSession == pid
        // Only for sessions of log-ins, which the simulation does not have.
        case .user: return false
        }
    }

    private func canRead(_ process: SimulatedProcess) -> Bool {
        scenario.isPrivileged || process.uid == scenario.owner
    }

    private func descends(_ serial: Int) -> Bool {
        var current = serial
        while processes[current].parent != current {
            if processes[current].origin == .exeunt { return false }
            current = processes[current].parent
            if current == keeper { return true }
        }
        return false
    }

    /// Whether something that cannot be forged puts it into the other session.
    func isInOtherSession(_ serial: Int) -> Bool {
        processes[serial].place == .otherSession || processes[serial].audit == 2
    }

    /// Whether Exeunt may signal it.
    func permits(_ serial: Int) -> Bool {
        !processes[serial].isProtected && (scenario.isPrivileged || processes[serial].uid == scenario.owner)
    }

    /// Looks at everybody as an engine does: the listings first, then each process, while the host goes on.
    ///
    /// - Parameter isShort: a tenth of each listing is missing.
    func look(isShort: Bool) -> (sightings: [Sighting], isCertain: Bool) {
        let found = listing(isShort: isShort)
        let half = scenario.faults.lookCost / 2
        advance(to: now + half)
        let middle = found.isEmpty ? 0 : random.below(found.count + 1)
        var sightings = found[..<middle].compactMap { sighting($0.serial, $0.evidence) }
        advance(to: now + half)
        sightings += found[middle...].compactMap { sighting($0.serial, $0.evidence) }
        return (sightings, vouches)
    }

    private func listing(isShort: Bool) -> [(serial: Int, evidence: Evidence)] {
        var evidence = [Evidence](repeating: [], count: processes.count)
        for tracker in scenario.trackers {
            if tracker == .descent {
                // From parent to child: whoever is missed hides all that are below.
                var reached = [Bool](repeating: false, count: processes.count)
                reached[keeper] = true
                for serial in present where serial != keeper && !isLost(isShort) && reached[processes[serial].parent] {
                    guard processes[serial].origin != .exeunt else { continue }
                    reached[serial] = true
                    evidence[serial].insert(.descent)
                }
            } else {
                for serial in present where shows(tracker, serial) && !isLost(isShort) {
                    evidence[serial].insert(tracker.evidence)
                }
            }
        }
        return present.compactMap { evidence[$0].isEmpty ? nil : ($0, evidence[$0]) }
    }

    private func isLost(_ isShort: Bool) -> Bool { isShort && random.chance(10) }

    /// What can be seen of a process at this moment; nil when it is dead.
    func sighting(_ serial: Int, _ evidence: Evidence) -> Sighting? {
        guard processes[serial].life == .running else { return nil }
        return Sighting(
            serial: serial, parent: processes[serial].parent, isInOtherSession: isInOtherSession(serial),
            process: observed(serial, evidence))
    }

    /// Whether the kernel itself says that nobody is left; no walk through a listing ever does.
    private var vouches: Bool {
        scenario.trackers.allSatisfy { tracker in
            switch tracker {
            case .cgroup: CgroupPlace.allCases.allSatisfy { !$0.isInSession || population[$0.rawValue] == 0 }
            case .descent: !hasChildren
            case .audit, .mark, .group, .user: false
            }
        }
    }

    /// Whether the keeper has children, zombies among them.
    var hasChildren: Bool {
        present.contains { processes[$0].parent == keeper && $0 != keeper && processes[$0].origin != .exeunt }
    }

    /// What can be read of a process.
    func observed(_ serial: Int, _ evidence: Evidence) -> ObservedProcess {
        let process = processes[serial]
        let readable = canRead(process) && (scenario.isPrivileged || !scenario.scripts[process.script].hidesExecutable)
        return ObservedProcess(
            identity: process.identity, parent: processes[process.parent].identity.pid, group: process.group,
            owner: process.uid, executableIdentity: readable ? process.program.identity : nil,
            isKernelThread: process.isKernelThread,
            state: UInt8(ascii: sleeps(serial) ? "D" : process.isStopped ? "T" : "S"), evidence: evidence)
    }
}
