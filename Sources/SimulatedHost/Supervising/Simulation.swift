// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// One run of a scenario: a session driven against the simulated host exactly as an engine drives it against a kernel,
/// with a judge beside it.
final class Simulation {
    /// More than any ending needs; whoever reaches it goes in circles.
    static let mostActions = 30_000
    /// Actions at one instant; with signals that cost nothing an ending still comes to rest.
    static let mostAtOnce = 2_000

    let scenario: Scenario
    let sabotage: Sabotage?
    let host: Host
    let judge: Judge
    var session: Session
    /// Events that actions have caused, in order.
    private var pending: [SessionEvent] = []
    /// Set by an `observe`: the look is taken after everything that has happened meanwhile.
    var wantsLook = false
    /// A look has failed and is to be tried again.
    var isRecovering = false
    private var isDead = false
    /// Whether anything was fed since the run last came to rest.
    private var hasActed = false
    var timer: Int64?
    /// When the hook that runs will be over.
    var hookEnds: Int64?
    var fires: Int64?
    var protection: Protection
    var hasFinished = false
    var firstLook: Observation?
    var incident = 0
    private var actions = 0
    private var atOnce = (time: Int64(0), count: 0)

    init(_ scenario: Scenario, sabotage: Sabotage? = nil, trace: ((String) -> Void)? = nil) {
        self.scenario = scenario
        self.sabotage = sabotage
        host = Host(scenario, trace: trace)
        judge = Judge(host)
        session = Session(plan: Self.plan(scenario, sabotage))
        protection = Protection(exempt: [], owner: scenario.owner)
    }

    private static func plan(_ scenario: Scenario, _ sabotage: Sabotage?) -> EndingPlan {
        var plan = scenario.plan
        if sabotage == .skipsGraces {
            plan.ladder = Ladder(rungs: plan.ladder.rungs.map { Ladder.Rung(signals: $0.signals, grace: .zero) })
        }
        return plan
    }

    var now: Instant { Instant(nanoseconds: host.now) }

    /// Runs it to its end; nil when every promise was kept.
    func run() -> Violation? {
        begin()
        while judge.violation == nil && !hasFinished {
            if isDead {
                takeOver()
            } else if wantsLook, !hasSomethingDue {
                wantsLook = false
                observe()
            } else {
                if !wantsLook, !isRecovering, hasActed { judge.rests(session) }
                hasActed = false
                guard judge.violation == nil, passTime() else { break }
            }
        }
        if hasFinished { checkSilence() }
        return judge.violation
    }

    private func begin() {
        host.populate()
        protect()
        // The time between the front's start and the leader's birth, in which requests can come already.
        while let time = nextIncident, time < host.now + 50_000 { happen() }
        host.advance(to: host.now + 50_000)
        guard let leader = host.bearLeader() else { return judge.fault(.comesToRest, "no pid for the leader") }
        host.say("the payload is \(host.name(leader))")
        feed(.started(host.processes[leader].identity))
    }

    private func protect() {
        let own = host.processes.filter { $0.origin == .exeunt || $0.origin == .machine }
        var owner = scenario.owner
        if sabotage == .countsWeakEvidenceAcrossUsers { owner = .max }
        protection = Protection(exempt: Set(own.map(\.identity)), owner: owner)
    }

    /// Tells the session something, carries out its answer, and goes on with what that has caused.
    func feed(_ event: SessionEvent) {
        guard !isDead else { return }
        hasActed = true
        pending.append(event)
        guard pending.count == 1 else { return }
        while let next = pending.first, judge.violation == nil {
            let actions = session.handle(next, at: now)
            host.say("\(Trace.text(next)) → \(Trace.text(session)) \(Trace.text(actions))")
            judge.asked(actions, session)
            for action in actions {
                count()
                guard !isDead else { return }
                perform(action)
            }
            pending.removeFirst()
        }
    }

    private func count() {
        actions += 1
        if atOnce.time != host.now { atOnce = (host.now, 0) }
        atOnce.count += 1
        if actions > Self.mostActions || atOnce.count > Self.mostAtOnce {
            judge.fault(.comesToRest, "\(actions) actions, \(atOnce.count) of them at once")
        }
        if actions == scenario.faults.crashAfter { crash() }
    }

    private var hasSomethingDue: Bool {
        [host.notices.first, fires, hookEnds, nextIncident].contains { $0.map { $0 <= host.now } ?? false }
    }

    var nextIncident: Int64? {
        incident < scenario.incidents.count ? scenario.incidents[incident].at + 1_000_000_000 : nil
    }

    /// Goes to the next event; false when there is nothing left to wait for.
    private func passTime() -> Bool {
        let times = [host.events.first, host.notices.first, fires, hookEnds, nextIncident].compactMap { $0 }
        guard let time = times.min(), judge.mayWait(until: time) else {
            if session.reason != nil { judge.fault(.boundIsKept, "no end in \(Trace.text(session))") }
            return false
        }
        host.advance(to: max(time, host.now))
        if let (_, notice) = host.notices.next(until: host.now) {
            take(notice)
        } else if let due = fires, due <= host.now {
            fire()
        } else if let due = hookEnds, due <= host.now {
            endHook()
        } else if let due = nextIncident, due <= host.now {
            happen()
        }
        return true
    }

    /// The supervisor dies between two actions.
    private func crash() {
        guard host.front != host.keeper, host.processes[host.front].life == .running else { return }
        host.say("the keeper is killed")
        isDead = true
        let keeper = host.keeper
        host.keeper = host.front
        host.end(keeper, ofKill: true)
    }

    /// The front takes the place of a supervisor that has died: it has got its orphans, and knows nothing else.
    private func takeOver() {
        isDead = false
        pending.removeAll()
        wantsLook = false
        isRecovering = false
        timer = nil
        hookEnds = nil
        fires = nil
        firstLook = nil
        session = Session(plan: Self.plan(scenario, sabotage).takenOver)
        judge.beginsAnew()
        host.advance(to: host.now + 100_000)
        feed(.started(ProcessIdentity(pid: 0, startTime: 0)))
        feed(.supervisorExited)
    }

    /// After its end nothing moves an ending.
    private func checkSilence() {
        let events: [EndingEvent] = [
            .timer, .emptied, .hurry, .observed(Observation(members: [], isCertain: true)), .cgroupKilled(failure: nil),
        ]
        for event in events where !session.handle(.ending(event), at: now).isEmpty {
            judge.fault(.endsOnce, "it answered \(event) after its end")
        }
    }
}
