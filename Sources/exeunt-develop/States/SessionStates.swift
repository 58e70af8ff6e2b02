// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The session's machine, state by state.
enum SessionStates {
    static var section: String {
        Transition.section(
            "Session", "From a payload's birth to its ending, which begins once, for whichever reason comes first.",
            specimens.flatMap { specimen in events.map { specimen.transition($0) } })
    }

    private struct Situation {
        let circumstance: String
        var plan = Specimen.plan()
        let before: [SessionEvent]

        func transition(_ event: (name: String, event: SessionEvent)) -> Transition {
            var session = Session(plan: plan)
            for earlier in before { _ = session.handle(earlier, at: Specimen.start) }
            let state = SessionStates.name(session.state)
            let actions = session.handle(event.event, at: Specimen.start)
            return Transition(
                state: state, circumstance: circumstance, event: event.name, next: SessionStates.name(session.state),
                actions: actions.map { Specimen.text($0, at: Specimen.start) })
        }
    }

    private static func name(_ state: Session.State) -> String {
        switch state {
        case .opened: "opened"
        case .active: "active"
        case .beforeHooks: "before-hooks"
        case .ending: "ending"
        case .afterHooks: "after-hooks"
        }
    }

    private static let started = SessionEvent.started(Specimen.leader.identity)

    private static let events: [(name: String, event: SessionEvent)] = [
        ("L started", started),
        ("L exited", .leaderExited),
        ("TERM requested", .requested(.term)),
        ("HUP to pass on", .passed(.hup)),
        ("time limit", .timeLimit),
        ("closed", .over(.closed)),
        ("supervisor exited", .supervisorExited),
        ("hook ended", .hookEnded),
        ("nobody is left", .ending(.observed(Observation(members: [], isCertain: true)))),
    ]

    private static let specimens: [Situation] = [
        Situation(circumstance: "", before: []),
        Situation(circumstance: "TERM was requested", before: [.requested(.term)]),
        Situation(circumstance: "the time limit was over", before: [.timeLimit]),
        Situation(circumstance: "", before: [started]),
        Situation(
            circumstance: "leader first", plan: Specimen.plan { $0.leaderFirst = .seconds(3) }, before: [started]),
        Situation(circumstance: "with rules", plan: Specimen.plan { $0.rules = [Specimen.rule] }, before: [started]),
        Situation(circumstance: "report mode", plan: Specimen.plan { $0.mode = .report }, before: [started]),
        Situation(
            circumstance: "report mode, taken over", plan: Specimen.plan { $0.mode = .report },
            before: [.started(ProcessIdentity(pid: 0, startTime: 0))]),
        Situation(circumstance: "with hooks", plan: hooked, before: [started]),
        Situation(circumstance: "first of two", plan: hooked, before: [started, .requested(.int)]),
        Situation(circumstance: "last", plan: hooked, before: [started, .requested(.int), .hookEnded]),
        Situation(circumstance: "hurried", plan: hooked, before: [started, .requested(.int), .requested(.int)]),
        Situation(circumstance: "L lives", before: [started, .timeLimit]),
        Situation(circumstance: "L is gone", before: [started, .leaderExited]),
        Situation(circumstance: "with hooks after it", plan: hooked, before: begun),
        Situation(circumstance: "first of two", plan: hooked, before: begun + [clean]),
        Situation(circumstance: "last", plan: hooked, before: begun + [clean, .hookEnded]),
    ]

    private static let hooked = Specimen.plan { $0.hooks = HookPlan(before: 2, after: 2) }
    private static let begun = [started, .leaderExited, .hookEnded, .hookEnded]
    private static let clean = SessionEvent.ending(.observed(Observation(members: [], isCertain: true)))
}
