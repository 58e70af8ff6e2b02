// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Simulation {
    func perform(_ action: SessionAction) {
        switch action {
        case .forward(let signal, let leaderOnly): forward(signal, leaderOnly: leaderOnly)
        case .runHook(let phase, let index): runHook(phase, index)
        case .stopHook: stopHook()
        case .ending(.observe): wantsLook = true
        case .ending(.signal(let signals, let identities)): send(signals, to: identities)
        case .ending(.thaw):
            spend(scenario.faults.signalCost)
            judge.touches(session)
            host.thaw(.below)
        case .ending(.killCgroup): killCgroup()
        case .ending(.killLeaderGroup): killLeaderGroup()
        case .ending(.setTimer(let instant)): setTimer(instant.nanoseconds)
        case .ending(.cancelTimer): dropTimer()
        // Payloads have no leader that leaves by itself.
        case .ending(.tellVacant), .ending(.freeze): break
        case .ending(.finish(let verdict)):
            hasFinished = true
            judge.finished(verdict, session)
        }
    }

    private func spend(_ time: Int64) {
        judge.spend(time)
        host.advance(to: host.now + time)
    }

    /// A timer that is late is the host's fault.
    func dropTimer() {
        if let timer { judge.spend(max(0, host.now - timer)) }
        timer = nil
        fires = nil
    }

    private func setTimer(_ time: Int64) {
        dropTimer()
        timer = time
        fires = max(time + scenario.faults.timerDelay, host.now)
        if time > host.now, host.random.chance(scenario.faults.earlyTimers) {
            fires = host.now + (time - host.now) / 2
        }
    }

    private func forward(_ signal: SignalName, leaderOnly: Bool) {
        // A leader that has exited names its group until it is reaped.
        guard let leader = host.leader, host.processes[leader].life != .gone else { return }
        let group = host.processes[leader].identity.pid
        if !leaderOnly, session.reason == .requested { judge.passesOn(signal) }
        let receivers = host.present.filter { serial in
            leaderOnly ? serial == leader : host.processes[serial].group == group
        }
        for serial in receivers where host.processes[serial].life == .running && host.permits(serial) {
            judge.forwards(signal, to: serial, session)
            host.deliver(signal, to: serial)
        }
    }

    private func send(_ signals: [SignalName], to identities: [ProcessIdentity]) {
        spend(scenario.faults.signalCost * Int64(identities.count + 1))
        var receipts: [EndingEvent.Receipt] = []
        for identity in identities {
            let result = send(signals, to: identity)
            receipts.append(EndingEvent.Receipt(identity: identity, result: result))
        }
        feed(.ending(.signalled(signals, receipts)))
    }

    private func send(_ signals: [SignalName], to identity: ProcessIdentity) -> EndingEvent.Receipt.Result {
        guard let serial = host.holder(of: identity.pid) else { return .gone }
        let isSame = host.processes[serial].identity == identity
        guard isSame || sabotage == .ignoresStartTimes else { return .gone }
        judge.tries(signals, on: serial, session)
        guard host.permits(serial) else { return .refused("operation not permitted [EPERM]") }
        for signal in signals {
            judge.reaches(signal, serial)
            host.deliver(signal, to: serial)
        }
        return .delivered
    }

    private func killCgroup() {
        spend(scenario.faults.signalCost)
        judge.kills()
        judge.sweptCgroup = true
        if scenario.faults.cgroupKillFails {
            return feed(.ending(.cgroupKilled(failure: "not supported [EOPNOTSUPP]")))
        }
        for serial in host.present where host.processes[serial].place.isInSession {
            kill(serial)
        }
        feed(.ending(.cgroupKilled(failure: nil)))
        // Where it was empty already there is no event, and the engine looks by itself.
        guard !host.present.contains(where: { host.processes[$0].place.isInSession }) else { return }
        reap()
        judge.notesEmptiness()
        feed(.ending(.emptied))
    }

    private func killLeaderGroup() {
        spend(scenario.faults.signalCost)
        judge.kills()
        guard let leader = host.leader else { return }
        let group = host.processes[leader].identity.pid
        guard host.holder(of: group) == nil || host.holder(of: group) == leader else { return }
        let receivers = host.present.filter { serial in
            host.processes[serial].group == group && host.processes[serial].life == .running
        }
        let areMembers = receivers.allSatisfy { serial in
            protection.admits(
                host.observed(serial, host.evidence(of: serial)), otherSession: host.isInOtherSession(serial))
        }
        guard areMembers else { return }
        for serial in receivers where host.permits(serial) { kill(serial) }
    }

    private func kill(_ serial: Int) {
        guard host.processes[serial].life == .running else { return }
        judge.sweeps(serial, session)
        host.deliver(.kill, to: serial)
    }
}
