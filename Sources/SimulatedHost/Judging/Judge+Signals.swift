// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Judge {
    /// Something other than a signal that members notice.
    func touches(_ session: Session) {
        if host.scenario.plan.mode == .report { fault(.reportIsSilent, "thaw") }
    }

    /// Whoever asks for the end has a signal passed on to the leader's group.
    func passesOn(_ signal: SignalName) {
        if looks < firstLook, Self.requests.contains(signal) { passedOn = signal }
    }

    /// The signals by which an end is asked for.
    static let requests: Set<SignalName> = [.term, .int]

    /// A signal of whoever uses Exeunt is passed on to the payload.
    func forwards(_ signal: SignalName, to serial: Int, _ session: Session) {
        if host.processes[serial].origin != .payload { fault(.foreignUntouched, "\(signal) to \(host.name(serial))") }
        guard Self.requests.contains(signal), session.reason == .requested, host.scenario.plan.mode == .end else {
            return
        }
        if serial != host.leader, isAboutSpared(serial) {
            fault(.sparedUntouched, "the requested \(signal) to \(host.name(serial))")
        }
        if looks < firstLook {
            host.processes[serial].passedOn = signal
            host.processes[serial].tried.insert(signal)
            host.processes[serial].told.insert(signal)
        }
    }

    private func isAboutSpared(_ serial: Int) -> Bool {
        let program = host.processes[serial].program.identity
        return host.scenario.plan.rules.contains { $0.programs?.identities.contains(program) ?? true }
    }

    /// The ending sends signals to a process that holds the pid in question.
    func tries(_ signals: [SignalName], on serial: Int, _ session: Session) {
        let process = host.processes[serial]
        let what = "\(signals) to \(host.name(serial)) in \(Trace.text(session))"
        if host.scenario.plan.mode == .report { fault(.reportIsSilent, what) }
        if process.shown < firstLook || !process.isFair { fault(.foreignUntouched, what) }
        if process.isKnownSpared { fault(.sparedUntouched, what) }
        if !host.scenario.plan.rules.isEmpty, looks == firstLook, !lastIsCertain {
            fault(.sparedUntouched, "after one look \(what)")
        }
        if signals.contains(.kill) { kills() }
        host.processes[serial].tried.formUnion(signals)
        switch session.ending.state {
        case .leaderFirst: askOnce(signals, serial, rung: 0, what)
        case .rung(let index, _): askOnce(signals, serial, rung: index, what)
        case .kill where signals.contains(.kill): checkAsked(serial)
        default: break
        }
    }

    /// The same signal, now delivered.
    func reaches(_ signal: SignalName, _ serial: Int) {
        host.processes[serial].told.insert(signal)
        if signal == .kill, host.processes[serial].life == .running { host.processes[serial].wasKilled = true }
    }

    /// KILL reaches a process by way of its control group or its process group.
    func sweeps(_ serial: Int, _ session: Session) {
        let what = "group KILL to \(host.name(serial)) in \(Trace.text(session))"
        if host.scenario.plan.mode == .report { fault(.reportIsSilent, what) }
        if host.sighting(serial, host.evidence(of: serial)).map(isFair) == false { fault(.foreignUntouched, what) }
        if host.processes[serial].isKnownSpared { fault(.sparedUntouched, what) }
        host.processes[serial].tried.insert(.kill)
        // The supervisor can note it for those it knows to be there.
        if host.processes[serial].shown == looks, host.processes[serial].shownInGroup {
            host.processes[serial].told.insert(.kill)
        }
        host.processes[serial].wasKilled = true
        checkAsked(serial)
    }

    /// KILL in one of its forms.
    func kills() {
        guard !isHurried, let began else { return }
        let graces = DurationText.nanoseconds(host.scenario.plan.ladder.graces)
        if host.now - began < graces { fault(.graceIsGiven, "after \(host.now - began) of \(graces) ns") }
    }

    private func askOnce(_ signals: [SignalName], _ serial: Int, rung: Int, _ what: String) {
        let process = host.processes[serial]
        if process.toldInRung == rung { fault(.asksOnce, "again \(what)") }
        host.processes[serial].toldInRung = rung
        if rung == 0, process.firstShown == firstLook, let passedOn = process.passedOn, signals.contains(passedOn) {
            fault(.asksOnce, "passed on already: \(what)")
        }
    }

    /// Whether a supervisor must take it that the passed on signal has reached the process: it was in the group when it
    /// was seen first, even if it was forked a moment after the delivery.
    func mayHaveHad(_ signal: SignalName, _ serial: Int) -> Bool {
        signal == passedOn && host.processes[serial].wasInLeadersGroup
    }

    /// Whoever was there when the last rung began has been asked by it.
    private func checkAsked(_ serial: Int) {
        let rungs = host.scenario.plan.ladder.rungs
        guard !isHurried, let last = rungs.last, host.processes[serial].metInRung == rungs.count - 1 else { return }
        let missing = last.signals.filter { !host.processes[serial].tried.contains($0) && !mayHaveHad($0, serial) }
        if !missing.isEmpty { fault(.asksOnce, "KILL, but never \(missing), to \(host.name(serial))") }
    }
}
