// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Watches a run from where everything can be seen, and notes the first promise that is broken.
///
/// It shares no rule with the core: what a member is, who is spared and when KILL may come is worked out here once more.
final class Judge {
    let host: Host
    var violation: Violation?
    /// How many looks the present supervisor has taken.
    var looks = 0
    /// The first of them belongs to this number; numbers go on when a second supervisor takes over.
    var firstLook = 1
    var lastIsCertain = false
    var lastSawTargets = false
    /// When the ending began, and what acting and late timers have cost since.
    var began: Int64?
    var spent: Int64 = 0
    var isHurried = false
    var finishes = 0
    /// The kernel's word that nobody is left has been passed on, and it was true.
    var wasEmptied = false
    var sweptCgroup = false
    /// Something has happened for which a session that is not in report mode must end.
    var hasReason = false
    /// The signal that a request passed on to the leader's group.
    var passedOn: SignalName?
    /// Which hooks have been run, by whichever supervisor.
    var hooksRun: [HookPhase: [Int]] = [:]
    /// Whether a second supervisor has taken over, which runs no hooks.
    var isSecond = false
    /// The leader, as far as the present supervisor knows it.
    var leader: ProcessIdentity?

    init(_ host: Host) { self.host = host }

    func fault(_ promise: Violation.Promise, _ detail: @autoclosure () -> String) {
        guard violation == nil else { return }
        violation = Violation(
            promise: promise, detail: Trace.plain("\(detail()) at \(Host.shown(host.now))"))
        host.say("VIOLATION \(promise.rawValue): \(violation?.detail ?? "")")
    }

    /// Whether what was seen is good enough for a signal.
    func isFair(_ sighting: Host.Sighting) -> Bool {
        let origin = host.processes[sighting.serial].origin
        if origin == .exeunt || origin == .machine { return false }
        let evidence = sighting.process.evidence
        if evidence.contains(.cgroup) || evidence.contains(.descent) || evidence.contains(.audit) { return true }
        return !evidence.isEmpty && sighting.process.owner == host.scenario.owner && !sighting.isInOtherSession
    }

    /// Whether a living process is a member that nothing spares.
    func isTarget(_ serial: Int) -> Bool {
        guard !host.processes[serial].isKnownSpared else { return false }
        return host.sighting(serial, host.evidence(of: serial)).map(isFair) ?? false
    }

    // MARK: What the run tells

    func spend(_ time: Int64) { spent += time }

    /// A second supervisor knows nothing of the first one's ending.
    func beginsAnew() {
        isSecond = true
        began = nil
        spent = 0
        isHurried = false
        wasEmptied = false
        sweptCgroup = false
        passedOn = nil
        leader = nil
        lastSawTargets = true
        firstLook = looks + 1
        for serial in host.processes.indices {
            host.processes[serial].tried = []
            host.processes[serial].told = []
            host.processes[serial].toldInRung = nil
            host.processes[serial].metInRung = nil
            host.processes[serial].passedOn = nil
            host.processes[serial].wasKilled = false
            host.processes[serial].deathWasTold = false
            host.processes[serial].isKnownSpared = false
            host.processes[serial].firstShown = 0
        }
    }

    func notesReason() { hasReason = host.scenario.plan.mode == .end }

    func notesRequest(_ session: Session) {
        switch (session.state, session.ending.state) {
        case (.beforeHooks, _), (_, .leaderFirst), (_, .rung): isHurried = true
        default: break
        }
    }

    func notesEmptiness() {
        if !host.present.contains(where: isTarget) { wasEmptied = true }
    }

    func asked(_ actions: [SessionAction], _ session: Session) {
        if began == nil, session.reason != nil { began = host.now }
        leader = session.leader ?? leader
        for (index, action) in actions.enumerated() where index < actions.count - 1 && Self.asks(action) {
            fault(.comesToRest, "\(action) is not the last of \(actions)")
        }
    }

    private static func asks(_ action: SessionAction) -> Bool {
        switch action {
        case .runHook, .ending(.observe), .ending(.signal), .ending(.killCgroup), .ending(.finish): true
        default: false
        }
    }

    /// Called when there is nothing to do but to wait.
    func rests(_ session: Session) {
        guard finishes == 0 else { return }
        if hasReason, session.leader != nil, session.reason == nil {
            fault(.endsOnce, "a reason did not end the session")
        }
        switch session.ending.state {
        case .idle, .ended: return
        case .reporting: fault(.comesToRest, "report mode waits")
        case .leaderFirst, .rung, .kill, .vacant:
            if looks >= firstLook, !lastSawTargets { fault(.endsAtOnce, "the last look showed nobody") }
            if wasEmptied, !host.present.contains(where: isTarget) {
                fault(.endsAtOnce, "the kernel had said that nobody is left")
            }
        }
    }

    /// Whether waiting until `time` is still inside the bound.
    func mayWait(until time: Int64) -> Bool {
        guard let began else { return time < 60_000_000_000 }
        let bound = DurationText.nanoseconds(host.scenario.plan.bound)
        return time <= began + bound + spent + 1_000_000_000
    }
}
