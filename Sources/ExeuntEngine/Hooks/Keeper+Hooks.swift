// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A hook that could not be started for want of something that may be there again soon.
struct HookRetry {
    let timer: TimerID
    /// What stands in the record if it comes to no other.
    let outcome: HookOutcome
}

extension Keeper {
    /// Starts a hook of the plan.
    func runHook(_ phase: HookPhase, _ index: Int, attempt: Int = 1) {
        noting { () throws(SystemError) in try beginEnding() }
        guard let setup = prepared.request.hooks else { return feed(.hookEnded) }
        let path = prepared.hooks[phase][index]
        do {
            let hook = Hook(
                phase: phase, path: path, session: Hook.session(of: prepared.id, phase, index), setup: setup,
                identity: phase == .before ? prepared.request.identity : setup.afterIdentity,
                facts: facts(for: phase), record: phase == .after ? try audience.document(makeRecord()) : nil)
            let run = try HookRun(hook, for: prepared, loop, failed: audience.failed) { [self] report in
                hookRun = nil
                if let report { note(report, index, attempt) } else { noteKilled(hook) }
            }
            hookRun = run
            trackers.exclude(run.keeper)
        } catch {
            var report = HookReport(HookOutcome(phase: phase, path: path, end: .notRun("\(error)")))
            report.mayBeTriedAgain = Shortage.isBehind(error)
            note(report, index, attempt)
        }
    }

    private func note(_ report: HookReport, _ index: Int, _ attempt: Int) {
        guard report.mayBeTriedAgain, attempt < Self.mostAttempts else { return note(report.outcome) }
        do throws(SystemError) {
            let timer = try loop.schedule(at: MonotonicInstant.now() + Self.attemptInterval) { [self] in
                hookRetry = nil
                runHook(report.outcome.phase, index, attempt: attempt + 1)
            }
            hookRetry = HookRetry(timer: timer, outcome: report.outcome)
        } catch {
            note(report.outcome)
        }
    }

    private static let attemptInterval = Duration.milliseconds(200)
    private static let mostAttempts = Int(HookPlan.patience / attemptInterval)

    private func note(_ outcome: HookOutcome) {
        hookOutcomes.append(outcome)
        feed(.hookEnded)
    }

    /// Whoever kept the hook was killed; its processes are this process's children now, and nobody else ends them.
    private func noteKilled(_ hook: Hook) {
        var outcome = HookOutcome(
            phase: hook.phase, path: hook.path, end: .unknown("the process that kept it was killed"))
        noting { () throws(SystemError) in
            let alive = session.ending.roster.members.filter { !$0.isGone }.map(\.process.identity.pid)
            outcome.leftOvers = try HookRemains(
                session: hook.session, owner: hook.owner, table: table, beside: Set(alive),
                // Before the ladder there is the whole session beside them, and with rules what was spared.
                isDescentCertain: hook.phase == .after && prepared.rules.isEmpty
            ).end(within: prepared.request.unkillable)
        }
        note(outcome)
    }

    /// Ends the hook that runs, at once, or gives up the one that waits to be tried again.
    func stopHook() {
        noting { () throws(SystemError) in try hookRun?.stop() }
        guard let retry = hookRetry else { return }
        hookRetry = nil
        loop.cancel(retry.timer)
        note(retry.outcome)
    }

    /// Lets the process that keeps a hook go on, if somebody has stopped it: its hook would have no timeout.
    func continueHook() throws(SystemError) { try hookRun?.goOn() }

    /// What hooks have left that a keeper ran which was killed.
    func endHooksOfOthers() throws(SystemError) {
        for phase in HookPhase.allCases {
            for index in prepared.hooks[phase].indices {
                let session = Hook.session(of: prepared.id, phase, index)
                // Without one, whatever there is has descended to this process, and the ladder has ended it.
                guard try TrackerChoice.findLeaf(session: session) != nil else { continue }
                let remains = try HookRemains(
                    session: session, owner: prepared.owner, table: table, beside: [], isDescentCertain: false)
                _ = try remains.end(within: prepared.request.unkillable)
            }
        }
    }

    private func facts(for phase: HookPhase) -> HookFacts {
        HookFacts(
            session: prepared.id, phase: phase, reason: session.reason ?? .payloadExited,
            verdict: phase == .after ? verdictSoFar : nil, owner: prepared.owner,
            command: prepared.request.command, leader: leaderHandle?.pid ?? prepared.login?.leader?.pid,
            payload: payloadEnd,
            front: front?.frontPID ?? CurrentProcess.pid, login: prepared.login?.facts)
    }

    /// The verdict, once the ladder is done. Where leases remain, not all has gone.
    var verdictSoFar: Verdict? {
        let found = if case .ended(let verdict) = session.ending.state { Optional(verdict) } else { verdict }
        guard prepared.login?.hasLeases == true, let found, [.clean, .left, .killed].contains(found) else {
            return found
        }
        return .kept
    }

    /// Every hook of the plan, with what is known of it by now.
    var hooksSoFar: [HookOutcome] {
        guard prepared.request.mode == .end else { return [] }
        let isOver = verdict != nil
        return HookPhase.allCases.flatMap { phase in
            let known = hookOutcomes.filter { $0.phase == phase }
            let rest = isOver ? prepared.hooks[phase].dropFirst(known.count) : []
            return known + rest.map { HookOutcome(phase: phase, path: $0, end: whyNot) }
        }
    }

    private var whyNot: HookOutcome.End {
        isTakenOver
            ? .unknown("the supervisor was killed, and hooks are not run twice")
            : .notRun("whoever asked for the end would not wait")
    }
}
