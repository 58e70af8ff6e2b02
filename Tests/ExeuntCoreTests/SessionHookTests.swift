// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

private let leader = identity(10)
private let started = [SessionEvent.started(leader)]
private let exited = started + [.leaderExited]
private let look: [SessionAction] = [.ending(.cancelTimer), .ending(.observe)]
private let clean = SessionEvent.ending(saw(certain: true))
private let both = EndingPlan.plain().with { $0.hooks = HookPlan(before: 2, after: 2) }
private let beforeOnly = EndingPlan.plain().with { $0.hooks = HookPlan(before: 1) }
private let afterOnly = EndingPlan.plain().with { $0.hooks = HookPlan(after: 1) }
private let report = both.with { $0.mode = .report }

/// A hook before the ladder of a session whose leader has exited, unless it is said to live.
private func before(
    _ running: Int, leader: ProcessIdentity? = nil, request: SignalName? = nil, hurried: Bool = false
) -> Session.State {
    .beforeHooks(running: running, Session.Start(leader: leader, request: request, isHurried: hurried))
}

struct SessionHookTests {
    @Test(arguments: beforeRows + afterRows + otherRows)
    func row(_ row: SessionRow) { row.check() }

    static let beforeRows: [SessionRow] = [
        SessionRow(
            "runs the first hook and tells nobody", with: both, after: started, .leaderExited, before(0),
            .payloadExited,
            [.runHook(.before, 0)]),
        SessionRow(
            "runs the next one when it is over", with: both, after: exited, .hookEnded, before(1), .payloadExited,
            [.runHook(.before, 1)]),
        SessionRow(
            "begins the ladder after the last", with: both, after: exited + [.hookEnded], .hookEnded,
            .ending(leader: nil), .payloadExited, look),
        SessionRow(
            "keeps a request for the ladder", with: beforeOnly, after: started, .requested(.int),
            before(0, leader: leader, request: .int), .requested, [.runHook(.before, 0)]),
        SessionRow(
            "passes it to the payload when the hooks have run", with: beforeOnly, after: started + [.requested(.int)],
            .hookEnded, .ending(leader: leader), .requested, [.forward(.int, leaderOnly: false)] + look),
        SessionRow(
            "runs hooks at a time limit", with: beforeOnly, after: started, .timeLimit, before(0, leader: leader),
            .timeLimit, [.runHook(.before, 0)]),
        SessionRow(
            "runs hooks when the front is dead", with: beforeOnly, after: started, .supervisorExited,
            before(0, leader: leader), .supervisorExited, [.runHook(.before, 0)]),
        SessionRow(
            "notes that the leader exits meanwhile", with: both, after: started + [.timeLimit], .leaderExited,
            before(0),
            .timeLimit),
        SessionRow(
            "still passes signals to a leader that lives", with: both, after: started + [.timeLimit], .passed(.usr1),
            before(0, leader: leader), .timeLimit, [.forward(.usr1, leaderOnly: false)]),
        SessionRow(
            "looks at nothing while a hook runs", with: both, after: exited, .ending(.emptied), before(0),
            .payloadExited),
        SessionRow(
            "does not take a member's exit for the end of a hook", with: both, after: exited,
            .ending(.exited(member(11), killed: false)), before(0), .payloadExited),
        SessionRow(
            "stops the hook when it is asked again", with: both, after: started + [.requested(.term)],
            .requested(.term), before(0, leader: leader, request: .term, hurried: true), .requested, [.stopHook]),
        SessionRow(
            "skips the other hooks then, and goes to KILL", with: both,
            after: started + [.requested(.term), .requested(.term)], .hookEnded, .ending(leader: leader), .requested,
            [.forward(.term, leaderOnly: false)] + look),
    ]

    static let afterRows: [SessionRow] = [
        SessionRow(
            "runs a hook instead of being over", with: afterOnly, after: exited, clean,
            .afterHooks(running: 0, .clean), .payloadExited, [.ending(.cancelTimer), .runHook(.after, 0)]),
        SessionRow(
            "runs the next one", with: both.with { $0.hooks.before = 0 }, after: exited + [clean], .hookEnded,
            .afterHooks(running: 1, .clean), .payloadExited, [.runHook(.after, 1)]),
        SessionRow(
            "is over after the last", with: afterOnly, after: exited + [clean], .hookEnded,
            .afterHooks(running: 0, .clean), .payloadExited, [.ending(.finish(.clean))]),
        SessionRow(
            "does not cut it short when it is asked to end", with: afterOnly, after: exited + [clean],
            .requested(.term), .afterHooks(running: 0, .clean), .payloadExited),
        SessionRow(
            "notes a time limit only", with: afterOnly, after: exited + [clean], .timeLimit,
            .afterHooks(running: 0, .clean), .payloadExited),
        SessionRow(
            "notes the death of the front only", with: afterOnly, after: exited + [clean], .supervisorExited,
            .afterHooks(running: 0, .clean), .payloadExited),
        SessionRow(
            "has nobody to pass a signal to", with: afterOnly, after: exited + [clean], .passed(.hup),
            .afterHooks(running: 0, .clean), .payloadExited),
        SessionRow(
            "begins no second ladder", with: afterOnly, after: exited + [clean], .ending(.timer),
            .afterHooks(running: 0, .clean), .payloadExited),
    ]

    static let otherRows: [SessionRow] = [
        SessionRow(
            "runs no hook in report mode", with: report, after: started, .leaderExited, .ending(leader: nil),
            .payloadExited, [.ending(.observe)]),
        SessionRow(
            "runs no hook of a session that was taken over", with: both.takenOver, after: [.started(identity(0))],
            .supervisorExited, .ending(leader: nil), .supervisorExited, look),
        SessionRow(
            "knows of no hook that could be over", with: both, after: started, .hookEnded, .active(leader: leader)),
        SessionRow(
            "takes no end of a hook for one of the ladder", with: both,
            after: exited + [.hookEnded, .hookEnded], .hookEnded, .ending(leader: nil), .payloadExited),
    ]

    @Test func aHurriedLadderBeginsWithKill() {
        var session = Session(plan: beforeOnly)
        for event in started + [.requested(.term), .requested(.term), .hookEnded] {
            _ = session.handle(event, at: at(1))
        }
        #expect(session.ending.state == .kill(until: at(3)))
    }

    @Test func everyHookRunsOnceAndInOrder() {
        var session = Session(plan: both)
        var ran: [String] = []
        var finished: [Verdict] = []
        var events = exited
        while !events.isEmpty {
            for action in session.handle(events.removeFirst(), at: at(1)) {
                switch action {
                case .runHook(let phase, let index):
                    ran.append("\(phase) \(index)")
                    events.append(.hookEnded)
                case .ending(.observe): events.append(clean)
                case .ending(.finish(let verdict)): finished.append(verdict)
                default: break
                }
            }
        }
        #expect(ran == ["before 0", "before 1", "after 0", "after 1"])
        #expect(finished == [.clean])
    }
}

struct HookPlanTests {
    @Test func boundHoldsForEveryHook() {
        let plan = HookPlan(before: 1, after: 2, timeout: .seconds(30), unkillable: .seconds(15))
        // Trying to start it, its time, the grace between TERM and KILL, and what KILL may take.
        #expect(plan.bound == .seconds(3 * (5 + 30 + 10 + 15)))
        #expect(HookPlan().bound == .zero)
    }

    @Test func boundOfAnEndingHasItsHooks() {
        let hookless = EndingPlan.plain()
        #expect(hookless.with { $0.hooks = HookPlan(after: 1) }.bound == hookless.bound + HookPlan(after: 1).bound)
    }
}

struct HookOutcomeTests {
    @Test(arguments: [
        (HookOutcome.End.exited(0), true), (.exited(1), false), (.signalled(9), false), (.notRun("x"), false),
        (.unknown("x"), false),
    ])
    func success(_ end: HookOutcome.End, _ isSuccess: Bool) {
        #expect(HookOutcome(phase: .after, path: [], end: end).isSuccess == isSuccess)
    }

    @Test func neitherLatenessNorASurvivorIsSuccess() {
        var late = HookOutcome(phase: .after, path: [], end: .exited(0))
        late.isTimedOut = true
        #expect(!late.isSuccess)
        var outcome = HookOutcome(phase: .after, path: [], end: .exited(0))
        outcome.leftOvers = [.init(pid: 7, name: [], isGone: true)]
        #expect(outcome.isSuccess)
        outcome.leftOvers.append(.init(pid: 8, name: [], isGone: false))
        #expect(!outcome.isSuccess)
    }
}
