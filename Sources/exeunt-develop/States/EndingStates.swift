// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The ending's machine, state by state.
enum EndingStates {
    static var section: String {
        Transition.section(
            "Ending", "How the members of a session that is over are made to go.",
            specimens.flatMap { specimen in events.map { specimen.transition($0) } })
    }

    private struct Situation {
        let circumstance: String
        let plan: EndingPlan
        let before: [EndingEvent]
        /// When the event comes, after everything before it came at 0.
        var now = Specimen.seconds(1)

        func transition(_ event: (name: String, event: EndingEvent)) -> Transition {
            var ending = Ending(plan: plan)
            for earlier in before { _ = ending.handle(earlier, at: Specimen.start) }
            let state = EndingStates.name(ending.state)
            let actions = ending.handle(event.event, at: now)
            return Transition(
                state: state, circumstance: circumstance, event: event.name, next: EndingStates.name(ending.state),
                actions: actions.map { Specimen.text($0, at: now) })
        }
    }

    private static func name(_ state: Ending.State) -> String {
        switch state {
        case .idle: "idle"
        case .leaderFirst: "leader first"
        case .rung(_, nil): "rung begins"
        case .rung: "rung"
        case .kill: "kill"
        case .vacant: "vacant"
        case .reporting: "reporting"
        case .ended: "ended"
        }
    }

    private static func saw(_ members: [ObservedProcess], certain: Bool = false) -> EndingEvent {
        .observed(Observation(members: members, isCertain: certain))
    }

    private static func receipt(_ signal: SignalName, _ result: EndingEvent.Receipt.Result) -> EndingEvent {
        .signalled([signal], [EndingEvent.Receipt(identity: Specimen.a.identity, result: result)])
    }

    private static let begin = EndingEvent.begin(leader: Specimen.leader.identity, told: nil)

    private static let events: [(name: String, event: EndingEvent)] = [
        ("begin", begin),
        ("nobody seen", saw([])),
        ("nobody seen, certain", saw([], certain: true)),
        ("only K seen", saw([Specimen.spared])),
        ("A seen", saw([Specimen.a])),
        ("L and A seen", saw([Specimen.leader, Specimen.a])),
        ("A and B seen", saw([Specimen.a, Specimen.b])),
        ("TERM delivered", receipt(.term, .delivered)),
        ("KILL refused", receipt(.kill, .refused("operation not permitted [EPERM]"))),
        ("cgroup killed", .cgroupKilled(failure: nil)),
        ("cgroup not killed", .cgroupKilled(failure: "operation not supported [EOPNOTSUPP]")),
        ("L exited", .exited(Specimen.leader, killed: false)),
        ("A exited", .exited(Specimen.a, killed: false)),
        ("emptied", .emptied),
        ("timer", .timer),
        ("hurry", .hurry),
        ("L leaves", .leaderLeaves(until: Specimen.seconds(8))),
    ]

    private static let specimens: [Situation] = {
        let plain = Specimen.plan()
        let cgroup = Specimen.plan { $0.hasCgroup = true }
        let rules = Specimen.plan { $0.rules = [Specimen.rule] }
        let first = Specimen.plan { $0.leaderFirst = .seconds(3) }
        let report = Specimen.plan { $0.mode = .report }
        let leaving = Specimen.plan { $0.leaderLeaves = .seconds(5) }
        let vacant: [EndingEvent] = [begin, saw([Specimen.leader]), saw([Specimen.leader])]
        let toldA: [EndingEvent] = [begin, saw([Specimen.a]), receipt(.term, .delivered)]
        let killing: [EndingEvent] = [begin, .hurry]
        return [
            Situation(circumstance: "", plan: plain, before: []),
            Situation(circumstance: "leader first", plan: first, before: []),
            Situation(circumstance: "report mode", plan: report, before: []),
            Situation(circumstance: "L has not been told", plan: first, before: [begin]),
            Situation(
                circumstance: "L has been told", plan: first, before: [begin, saw([Specimen.leader, Specimen.a])]),
            Situation(
                circumstance: "its time is over", plan: first, before: [begin, saw([Specimen.leader, Specimen.a])],
                now: Specimen.seconds(3)),
            Situation(circumstance: "", plan: plain, before: [begin]),
            Situation(circumstance: "one look has shown nobody", plan: plain, before: [begin, saw([])]),
            Situation(circumstance: "with rules", plan: rules, before: [begin]),
            Situation(
                circumstance: "with rules, after one look", plan: rules, before: [begin, saw([Specimen.spared])]),
            Situation(circumstance: "A has been told", plan: plain, before: toldA),
            Situation(circumstance: "the grace is over", plan: plain, before: toldA, now: Specimen.seconds(5)),
            Situation(
                circumstance: "the grace is over, in a cgroup", plan: cgroup, before: toldA, now: Specimen.seconds(5)),
            Situation(circumstance: "", plan: plain, before: killing),
            Situation(circumstance: "A has got KILL", plan: plain, before: killing + [saw([Specimen.a])]),
            Situation(
                circumstance: "the cgroup has been killed", plan: cgroup,
                before: toldA + [
                    .hurry, .cgroupKilled(failure: nil),
                ]),
            Situation(
                circumstance: "the bound is over", plan: plain, before: killing + [saw([Specimen.a])],
                now: Specimen.seconds(15)),
            Situation(circumstance: "L is leaving", plan: leaving, before: [begin, saw([Specimen.leader])]),
            Situation(circumstance: "", plan: leaving, before: vacant),
            Situation(circumstance: "L has not left", plan: leaving, before: vacant, now: Specimen.seconds(5)),
            Situation(circumstance: "", plan: report, before: [begin]),
            Situation(circumstance: "one look has shown A", plan: report, before: [begin, saw([Specimen.a])]),
            Situation(circumstance: "", plan: plain, before: [begin, saw([], certain: true)]),
        ]
    }()
}
