// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntCore

/// A row of the machine's table: what has happened, what happens now, and what must come of it.
struct EndingRow: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var plan = EndingPlan.plain()
    var before: [(Instant, EndingEvent)] = []
    let event: EndingEvent
    var now = at(1)
    let state: Ending.State
    let actions: [EndingAction]

    init(
        _ name: String, with plan: EndingPlan = .plain(), after before: [(Instant, EndingEvent)] = [],
        _ event: EndingEvent,
        now: Instant = at(1), _ state: Ending.State, _ actions: [EndingAction]
    ) {
        (testDescription, self.plan, self.before) = (name, plan, before)
        (self.event, self.now, self.state, self.actions) = (event, now, state, actions)
    }
}

private let begin = EndingEvent.begin(leader: nil, told: nil)
private let begun = [(at(1), begin)]
private let firstRung = Ending.State.rung(index: 0, until: at(6))

struct EndingTableTests {
    @Test(arguments: idle + rung + kill + reporting + leaderFirst + over)
    func row(_ row: EndingRow) {
        let machine = ending(row.plan, after: row.before)
        let actions = machine.handle(row.event, at: row.now)
        #expect(machine.state == row.state)
        #expect(actions == row.actions)
    }

    static let idle: [EndingRow] = [
        EndingRow("begins by looking", begin, .rung(index: 0, until: nil), [.cancelTimer, .observe]),
        EndingRow(
            "begins with KILL where the ladder has nothing else", with: .plain().with { $0.ladder = Ladder(rungs: []) },
            begin,
            .kill(until: at(3)), [.cancelTimer, .observe]),
        EndingRow(
            "kills a cgroup without a look", with: .plain(cgroup: true).with { $0.ladder = Ladder(rungs: []) }, begin,
            .kill(until: at(3)), [.setTimer(at(2)), .killCgroup]),
        EndingRow(
            "reports by looking", with: .plain().with { $0.mode = .report }, begin, .reporting, [.observe]),
        EndingRow("does nothing for an empty cgroup", .emptied, .idle, []),
        EndingRow("does nothing for a timer", .timer, .idle, []),
        EndingRow("cannot be hurried", .hurry, .idle, []),
        EndingRow("does not look before it begins", saw(member(11)), .idle, []),
        EndingRow("ignores an exit", .exited(member(11), killed: true), .idle, []),
    ]

    static let rung: [EndingRow] = [
        EndingRow(
            "tells whoever is there", after: begun, saw(member(11), member(12)), firstRung,
            [.signal([.term], [identity(11), identity(12)])]),
        EndingRow(
            "thaws a cgroup before CONT", with: .plain(cgroup: true).with { $0.ladder = .payload }, after: begun,
            saw(member(11)), firstRung, [.thaw, .signal([.cont, .term], [identity(11)])]),
        EndingRow(
            "gives those it has told a moment", after: begun + [(at(1), saw(member(11)))], told([.term], 11), firstRung,
            [.setTimer(at(1) + Ending.moment)]),
        EndingRow(
            "looks at once when they had gone", after: begun + [(at(1), saw(member(11)))],
            told([.term], 11, result: .gone), firstRung, [.observe]),
        EndingRow(
            "tells newcomers alone", after: begun + [(at(1), saw(member(11)))], saw(member(11), member(12)), now: at(2),
            firstRung, [.signal([.term], [identity(12)])]),
        EndingRow(
            "waits out the grace when nobody is new", after: begun + [(at(1), saw(member(11)))], saw(member(11)),
            now: at(2), firstRung, [.setTimer(at(6))]),
        EndingRow(
            "takes no single listing's word", after: begun + [(at(1), saw(member(11)))], saw(), now: at(2), firstRung,
            [.observe]),
        EndingRow(
            "ends after a second one", after: begun + [(at(1), saw(member(11))), (at(2), saw())], saw(), now: at(2),
            .ended(.left), [.cancelTimer, .finish(.left)]),
        EndingRow(
            "ends at once on the kernel's word", after: begun, saw(certain: true), .ended(.clean),
            [.cancelTimer, .finish(.clean)]),
        EndingRow(
            "looks again when the last one has gone", after: begun + [(at(1), saw(member(11)))],
            .exited(member(11), killed: false), now: at(2), firstRung, [.observe]),
        EndingRow(
            "goes on waiting when others are left", after: begun + [(at(1), saw(member(11), member(12)))],
            .exited(member(11), killed: false), now: at(2), firstRung, []),
        EndingRow(
            "looks when the kernel says it is empty", after: begun + [(at(1), saw(member(11)))], .emptied, now: at(2),
            firstRung, [.observe]),
        EndingRow(
            "looks when a timer fires early", after: begun + [(at(1), saw(member(11)))], .timer, now: at(2), firstRung,
            [.observe]),
        EndingRow(
            "climbs to KILL when the grace is over", after: begun + [(at(1), saw(member(11)))], .timer, now: at(6),
            .kill(until: at(8)), [.cancelTimer, .observe]),
        EndingRow(
            "climbs when a look comes after the grace", after: begun + [(at(1), saw(member(11)))], saw(member(11)),
            now: at(7), .kill(until: at(9)), [.cancelTimer, .observe]),
        EndingRow(
            "goes straight to KILL when hurried", after: begun, .hurry, .kill(until: at(3)), [.cancelTimer, .observe]),
        EndingRow(
            "begins only once", after: begun, .begin(leader: identity(10), told: nil), now: at(3),
            .rung(index: 0, until: nil), []),
    ]

    static let kill: [EndingRow] = {
        let killing = begun + [(at(1), EndingEvent.hurry)]
        return [
            EndingRow(
                "kills whoever is there", after: killing, saw(member(11)), .kill(until: at(3)),
                [.signal([.kill], [identity(11)])]),
            EndingRow(
                "stops newcomers before it kills them", after: killing + [(at(1), saw(member(11)))],
                saw(member(11), member(12)), .kill(until: at(3)), [.signal([.stop], [identity(12)])]),
            EndingRow(
                "looks at once after STOP", after: killing + [(at(1), saw(member(11)))], told([.stop], 11),
                .kill(until: at(3)), [.observe]),
            EndingRow(
                "waits for the dying", after: killing + [(at(1), saw(member(11)))], saw(member(11)),
                .kill(until: at(3)), [.setTimer(at(2))]),
            EndingRow(
                "never waits beyond the bound", after: killing + [(at(1), saw(member(11)))], saw(member(11)),
                now: at(2, 500), .kill(until: at(3)), [.setTimer(at(3))]),
            EndingRow(
                "gives up at the bound", after: killing + [(at(1), saw(member(11)))], saw(member(11)), now: at(3),
                .ended(.survivors), [.cancelTimer, .finish(.survivors)]),
            EndingRow(
                "tries KILL even after the bound", after: killing, saw(member(11)), now: at(4), .kill(until: at(3)),
                [.signal([.kill], [identity(11)])]),
            EndingRow(
                "gives up at once on what it may not kill",
                after: killing + [
                    (at(1), saw(member(11))), (at(1), told([.kill], 11, result: .refused("no [EPERM]"))),
                ],
                saw(member(11)), .ended(.survivors), [.cancelTimer, .finish(.survivors)]),
            EndingRow(
                "looks when the timer fires", after: killing, .timer, now: at(2), .kill(until: at(3)), [.observe]),
            EndingRow("cannot be hurried more", after: killing, .hurry, now: at(2), .kill(until: at(3)), []),
        ]
    }()

    static let reporting: [EndingRow] = {
        let plan = EndingPlan.plain().with { $0.mode = .report }
        return [
            EndingRow("asks for a second listing", with: plan, after: begun, saw(member(11)), .reporting, [.observe]),
            EndingRow(
                "asks again when they differ", with: plan, after: begun + [(at(1), saw(member(11)))],
                saw(member(11), member(12)), .reporting, [.observe]),
            EndingRow(
                "reports what two agree on", with: plan, after: begun + [(at(1), saw(member(11)))], saw(member(11)),
                .ended(.reported), [.cancelTimer, .finish(.reported)]),
            EndingRow(
                "is clean when there is nobody", with: plan, after: begun + [(at(1), saw())], saw(), .ended(.clean),
                [
                    .cancelTimer, .finish(.clean),
                ]),
            EndingRow("cannot be hurried", with: plan, after: begun, .hurry, .reporting, []),
        ]
    }()

    static let leaderFirst: [EndingRow] = {
        let plan = EndingPlan.plain().with { $0.leaderFirst = .seconds(3) }
        let first = [(at(1), EndingEvent.begin(leader: identity(10), told: nil))]
        let waiting = Ending.State.leaderFirst(until: at(4))
        return [
            EndingRow("looks first", with: plan, first[0].1, waiting, [.setTimer(at(4)), .observe]),
            EndingRow("needs a leader", with: plan, begin, .rung(index: 0, until: nil), [.cancelTimer, .observe]),
            EndingRow(
                "tells the leader alone", with: plan, after: first, saw(member(10), member(11)), waiting,
                [.signal([.term], [identity(10)])]),
            EndingRow(
                "tells it once", with: plan, after: first + [(at(1), saw(member(10)))], saw(member(10)), waiting, []),
            EndingRow(
                "does not tell again what the request has told", with: plan,
                after: [(at(1), .begin(leader: identity(10), told: .init(signal: .term, group: 10, leaderOnly: true)))],
                saw(member(10), member(11)), waiting, [.signal([.cont], [identity(10)])]),
            EndingRow(
                "looks again for a leader that is missed", with: plan, after: first, saw(member(11)), waiting,
                [.observe]),
            EndingRow(
                "does not wait for a leader that is gone or spared", with: plan,
                after: first + [(at(1), saw(member(11)))],
                saw(member(11)), .rung(index: 0, until: nil), [.cancelTimer, .observe]),
            EndingRow(
                "tells the others when the leader has gone", with: plan,
                after: first + [(at(1), saw(member(10), member(11)))],
                .exited(member(10), killed: false), now: at(2), .rung(index: 0, until: nil), [.cancelTimer, .observe]),
            EndingRow(
                "tells the others when its time is over", with: plan,
                after: first + [(at(1), saw(member(10), member(11)))],
                .timer, now: at(4), .rung(index: 0, until: nil), [.cancelTimer, .observe]),
            EndingRow(
                "sets an early timer again", with: plan, after: first, .timer, now: at(2), waiting, [.setTimer(at(4))]),
            EndingRow(
                "does not tell the leader twice", with: plan,
                after: first + [(at(1), saw(member(10), member(11))), (at(4), .timer)], saw(member(10), member(11)),
                now: at(4), .rung(index: 0, until: at(9)), [.signal([.term], [identity(11)])]),
            EndingRow(
                "goes to KILL when hurried", with: plan, after: first, .hurry, now: at(2), .kill(until: at(4)),
                [
                    .cancelTimer, .observe,
                ]),
        ]
    }()

    static let over: [EndingRow] = {
        let ended = begun + [(at(1), saw(certain: true))]
        let events: [EndingEvent] = [
            begin, saw(member(11)), told([.term], 11), .cgroupKilled(failure: nil), .exited(member(11), killed: true),
            .emptied, .timer, .hurry,
        ]
        return events.map { EndingRow("is over for \($0)", after: ended, $0, now: at(9), .ended(.clean), []) }
    }()
}
