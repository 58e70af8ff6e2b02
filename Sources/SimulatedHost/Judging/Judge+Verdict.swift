// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Judge {
    /// The ending says that it is over.
    func finished(_ verdict: Verdict, _ session: Session) {
        finishes += 1
        if finishes > 1 { fault(.endsOnce, "finished again") }
        if session.reason == nil { fault(.endsOnce, "without a reason") }
        checkBound()
        checkHooks()
        checkNobodyLeft(verdict)
        var serials: [ProcessIdentity: Int] = [:]
        for process in host.processes { serials[process.identity] = process.serial }
        for member in session.ending.roster.members {
            guard let serial = serials[member.process.identity] else {
                fault(.rosterIsTrue, "it names a process that never was")
                continue
            }
            check(member, serial)
        }
        check(verdict, against: session.ending.roster)
        if session.ending.roster.omitted == 0 {
            for process in host.processes { checkNamed(process, session.ending.roster) }
        }
    }

    private func checkBound() {
        guard let began else { return fault(.endsOnce, "finished before it began") }
        let bound = DurationText.nanoseconds(host.scenario.plan.bound)
        // What acting costs and how late timers fire is the host's; everything else is the ending's.
        let excess = host.now - began - bound - spent
        if excess > 0 { fault(.boundIsKept, "\(excess) ns more than \(bound) ns") }
    }

    func checkNobodyLeft(_ verdict: Verdict) {
        let isReport = host.scenario.plan.mode == .report
        if isReport, !lastIsCertain, looks == firstLook { fault(.verdictIsTrue, "\(verdict) after one look") }
        guard verdict != .survivors, verdict != .reported else { return }
        for serial in host.present where isTarget(serial) {
            let isSeen = host.processes[serial].shown >= (lastIsCertain ? looks : looks - 1)
            let isUnproven = !lastIsCertain && looks == firstLook
            if isSeen && host.processes[serial].shown > 0 || isUnproven {
                fault(.verdictIsTrue, "\(verdict) while \(host.name(serial)) lives")
            }
        }
    }

    private func check(_ member: Member, _ serial: Int) {
        let process = host.processes[serial]
        let wasSeen = process.shown == looks
        let what = "\(host.name(serial)) \(member.outcome)"
        switch member.outcome {
        case .pending: fault(.rosterIsTrue, what)
        case .exited:
            // What was passed on is noted for those whom the first look shows.
            let unseen = process.firstShown == firstLook ? nil : process.passedOn
            if process.told.contains(where: { Self.asking.contains($0) && $0 != unseen }) {
                fault(.rosterIsTrue, "\(what), but was told \(process.told)")
            }
        case .ended(let signal):
            if !process.told.contains(signal), !mayHaveHad(signal, serial) {
                fault(.rosterIsTrue, "\(what), but was told \(process.told)")
            }
            if process.deathWasTold { fault(.rosterIsTrue, "\(what), but KILL ended it") }
        case .killed:
            // One write kills a group; who of it had gone a moment before nobody can tell.
            let isPlausible = process.told.contains(.kill) || process.diedOfKill || sweptCgroup
            if !isPlausible { fault(.rosterIsTrue, "\(what), but KILL never reached it") }
        case .kept, .reported:
            if !wasSeen { fault(.rosterIsTrue, "\(what), but the last look did not show it") }
            let isSpared = process.isKnownSpared || host.scenario.plan.mode == .report
            if !isSpared { fault(.rosterIsTrue, "\(what), but nothing spares it") }
        case .survived:
            if !wasSeen { fault(.rosterIsTrue, "\(what), but the last look did not show it") }
            let mayBeNew = process.shownBefore < looks - 1
            if !process.tried.contains(.kill), !mayBeNew { fault(.killIsTried, what) }
        }
        let isGone = member.goneAt != nil
        if isGone, wasSeen, process.life == .running { fault(.rosterIsTrue, "\(what), but it lives") }
    }

    static let asking: Set<SignalName> = [.hup, .int, .quit, .usr1, .usr2, .term, .kill]

    private func checkNamed(_ process: SimulatedProcess, _ roster: Roster) {
        let isTold = !process.told.isEmpty && process.passedOn == nil && process.shown >= firstLook
        if isTold || process.deathWasTold, roster[process.identity] == nil {
            fault(.rosterIsTrue, "\(host.name(process.serial)) is missing")
        }
        if process.deathWasTold, let member = roster[process.identity], member.outcome != .killed {
            fault(.rosterIsTrue, "KILL ended \(host.name(process.serial)), the roster says \(member.outcome)")
        }
    }

    private func check(_ verdict: Verdict, against roster: Roster) {
        let outcomes = roster.members.map(\.outcome)
        let survived = outcomes.contains { if case .survived = $0 { true } else { false } }
        let expected: Verdict
        if survived {
            expected = .survivors
        } else if outcomes.contains(.reported) {
            expected = .reported
        } else if outcomes.contains(.kept) {
            expected = .kept
        } else if outcomes.contains(.killed) {
            expected = .killed
        } else {
            expected = verdict == .clean || verdict == .left ? verdict : .left
        }
        if verdict != expected { fault(.verdictIsTrue, "\(verdict), but the roster says \(expected)") }
        let leftOver = roster.members.contains { $0.process.identity != leader }
        if verdict == .left, !leftOver { fault(.verdictIsTrue, "left, but there were no left-overs") }
        if verdict == .clean, leftOver { fault(.verdictIsTrue, "clean, but there were left-overs") }
    }
}
