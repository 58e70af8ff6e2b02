// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

struct SessionRow: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var plan = EndingPlan.plain()
    var before: [SessionEvent] = []
    let event: SessionEvent
    let state: Session.State
    let reason: EndingReason?
    let actions: [SessionAction]

    init(
        _ name: String, with plan: EndingPlan = .plain(), after before: [SessionEvent] = [], _ event: SessionEvent,
        _ state: Session.State, _ reason: EndingReason? = nil, _ actions: [SessionAction] = []
    ) {
        (testDescription, self.plan, self.before, self.event) = (name, plan, before, event)
        (self.state, self.reason, self.actions) = (state, reason, actions)
    }

    func check() {
        var session = Session(plan: plan)
        for event in before { _ = session.handle(event, at: at(1)) }
        let actions = session.handle(event, at: at(1))
        #expect(session.state == state)
        #expect(session.reason == reason)
        #expect(actions == self.actions)
    }
}

private let leader = identity(10)
private let started = [SessionEvent.started(leader)]
private let look: [SessionAction] = [.ending(.cancelTimer), .ending(.observe)]
private let active = Session.State.active(leader: leader)
private let ending = Session.State.ending(leader: leader)
private let report = EndingPlan.plain().with { $0.mode = .report }

struct SessionTests {
    @Test(arguments: opening + running + over + told)
    func row(_ row: SessionRow) { row.check() }

    static let opening: [SessionRow] = [
        SessionRow("gets its leader", .started(leader), active),
        SessionRow("keeps an early request", .requested(.int), .opened(request: .int)),
        SessionRow(
            "obeys an early request once the leader is there", after: [.requested(.int)], .started(leader), ending,
            .requested, [.forward(.int, leaderOnly: false)] + look),
        SessionRow(
            "obeys an early time limit", after: [.timeLimit], .started(leader), ending, .timeLimit, look),
        SessionRow(
            "ends when the front died before the leader was born", after: [.supervisorExited], .started(leader), ending,
            .supervisorExited, look),
        SessionRow(
            "takes the first of two early reasons", after: [.supervisorExited, .requested(.term)], .started(leader),
            ending, .supervisorExited, look),
        SessionRow("has nobody to pass a signal to", .passed(.hup), .opened(request: nil)),
        SessionRow("has no leader that could exit", .leaderExited, .opened(request: nil)),
        SessionRow(
            "forgets an early time limit in report mode", with: report, after: [.timeLimit], .started(leader), active),
    ]

    static let running: [SessionRow] = [
        SessionRow(
            "passes signals on", after: started, .passed(.usr1), active, nil, [.forward(.usr1, leaderOnly: false)]),
        SessionRow(
            "ends when the payload exits", after: started, .leaderExited, .ending(leader: nil), .payloadExited, look),
        SessionRow(
            "passes a request to the group", after: started, .requested(.term), ending, .requested,
            [.forward(.term, leaderOnly: false)] + look),
        SessionRow(
            "passes a request to the leader alone where a rule spares somebody",
            with: .plain().with { $0.rules = [keepRule] }, after: started, .requested(.term), ending, .requested,
            [.forward(.term, leaderOnly: true)] + look),
        SessionRow(
            "tells the leader first", with: .plain().with { $0.leaderFirst = .seconds(2) }, after: started,
            .requested(.term),
            ending, .requested, [.forward(.term, leaderOnly: true), .ending(.setTimer(at(3))), .ending(.observe)]),
        SessionRow("ends at its time limit", after: started, .timeLimit, ending, .timeLimit, look),
        SessionRow("ends with its supervisor", after: started, .supervisorExited, ending, .supervisorExited, look),
        SessionRow(
            "only passes a request on in report mode", with: report, after: started, .requested(.term), active, nil,
            [.forward(.term, leaderOnly: false)]),
        SessionRow("only notes the time limit in report mode", with: report, after: started, .timeLimit, active),
        SessionRow("goes on in report mode without the front", with: report, after: started, .supervisorExited, active),
        SessionRow(
            "reports at once when it is taken over", with: report, after: [.started(identity(0))], .supervisorExited,
            .ending(leader: nil), .supervisorExited, [.ending(.observe)]),
        SessionRow(
            "does not wait for a leader that nobody knows", with: .plain().with { $0.leaderFirst = .seconds(2) },
            after: [.started(identity(0))], .supervisorExited, .ending(leader: nil), .supervisorExited, look),
    ]

    static let over: [SessionRow] = {
        let requested = started + [.requested(.term)]
        return [
            SessionRow(
                "is hurried by a second request", after: requested, .requested(.term), ending, .requested, look),
            SessionRow("notes the leader's exit", after: requested, .leaderExited, .ending(leader: nil), .requested),
            SessionRow("begins only once", after: requested, .timeLimit, ending, .requested),
            SessionRow(
                "still passes signals to a leader that lives", after: requested, .passed(.quit), ending, .requested,
                [.forward(.quit, leaderOnly: false)]),
            SessionRow(
                "passes nothing to a leader that is gone", after: started + [.leaderExited], .passed(.quit),
                .ending(leader: nil), .payloadExited),
            SessionRow("is not started again", after: requested, .started(identity(11)), ending, .requested),
            SessionRow(
                "hands events to its ending", after: requested, .ending(saw(certain: true)), ending, .requested,
                [.ending(.cancelTimer), .ending(.finish(.clean))]),
        ]
    }()

    /// Whoever watches over the session says that it is over, whatever the mode.
    static let told: [SessionRow] = [
        SessionRow("has no leader that could close it", .over(.closed), .opened(request: nil)),
        SessionRow("ends when it is closed", after: started, .over(.closed), ending, .closed, look),
        SessionRow(
            "ends without a leader", after: [.started(identity(0))], .over(.leaderExited), .ending(leader: nil),
            .leaderExited, look),
        SessionRow(
            "ends in report mode, too", with: report, after: started, .over(.closed), ending, .closed,
            [.ending(.observe)]),
        SessionRow(
            "begins with the hooks", with: .plain().with { $0.hooks = HookPlan(before: 1) }, after: started,
            .over(.closed), .beforeHooks(running: 0, .init(leader: leader)), .closed, [.runHook(.before, 0)]),
        SessionRow("begins only once", after: started + [.over(.requested)], .over(.closed), ending, .requested),
        SessionRow(
            "is hurried by a request", after: started + [.over(.closed)], .requested(.term), ending, .closed, look),
    ]

    @Test func whatIsToldLaterIsNoted() {
        var session = Session(plan: .plain())
        for event in started + [.over(.leaderExited), .over(.closed), .over(.leaderExited), .over(.closed)] {
            _ = session.handle(event, at: at(1))
        }
        #expect(session.reason == .leaderExited)
        #expect(session.laterReasons == [.closed])
    }

    @Test func laterReasonsAreNotedOnce() {
        var session = Session(plan: .plain())
        let events: [SessionEvent] = [
            .started(leader), .timeLimit, .timeLimit, .requested(.term), .requested(.int), .supervisorExited,
        ]
        for event in events { _ = session.handle(event, at: at(1)) }
        #expect(session.reason == .timeLimit)
        #expect(session.laterReasons == [.requested, .supervisorExited])
        #expect(session.ending.state == .kill(until: at(3)))
    }

    @Test func leaderIsKnownWhileItRuns() {
        var session = Session(plan: .plain())
        #expect(session.leader == nil)
        _ = session.handle(.started(leader), at: at(1))
        #expect(session.leader == leader)
        _ = session.handle(.requested(.term), at: at(1))
        #expect(session.leader == leader)
        _ = session.handle(.leaderExited, at: at(1))
        #expect(session.leader == nil)
    }
}
