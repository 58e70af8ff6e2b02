// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension Keeper {
    /// Starts a hook of the plan. What keeps it from being started may pass: the host is out of memory, processes or
    /// descriptors, perhaps because of the very session that has just been ended.
    func runHook(_ phase: HookPhase, _ index: Int, attempt: Int = 1) {
        guard let setup = prepared.request.hooks else { return feed(.hookEnded) }
        let path = prepared.hooks[phase][index]
        do {
            let hook = Hook(
                phase: phase, path: path, session: Hook.session(of: prepared.id, phase, index), setup: setup,
                identity: phase == .before ? prepared.request.identity : setup.afterIdentity,
                facts: facts(for: phase), record: phase == .after ? try audience.document(makeRecord()) : nil)
            let run = try HookRun(hook, for: prepared, loop, failed: audience.failed) { [self] in note($0) }
            hookRun = run
            trackers.exclude(run.keeper)
        } catch {
            if attempt < Self.mostAttempts, retries(phase, index, attempt) { return }
            note(HookOutcome(phase: phase, path: path, end: .notRun("\(error)")))
        }
    }

    private static let mostAttempts = 25

    private func retries(_ phase: HookPhase, _ index: Int, _ attempt: Int) -> Bool {
        do throws(SystemError) {
            try loop.schedule(at: MonotonicInstant.now() + .milliseconds(200)) { [self] in
                runHook(phase, index, attempt: attempt + 1)
            }
            return true
        } catch {
            return false
        }
    }

    private func note(_ outcome: HookOutcome) {
        hookRun = nil
        hookOutcomes.append(outcome)
        feed(.hookEnded)
    }

    private func facts(for phase: HookPhase) -> HookFacts {
        HookFacts(
            session: prepared.id, phase: phase, reason: session.reason ?? .payloadExited,
            verdict: phase == .after ? verdictSoFar : nil, owner: prepared.request.owner,
            command: prepared.request.command, leader: leaderHandle?.pid, payload: payloadEnd,
            front: front?.frontPID ?? CurrentProcess.pid)
    }

    /// The verdict, once the ladder is done.
    var verdictSoFar: Verdict? {
        if case .ended(let verdict) = session.ending.state { verdict } else { verdict }
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
        leaderHandle == nil
            ? .unknown("the supervisor was killed, and hooks are not run twice")
            : .notRun("whoever asked for the end would not wait")
    }

    /// A hook whose keeper was killed may have left its leaf.
    func removeLeavesOfHooks() throws(SystemError) {
        for phase in HookPhase.allCases {
            for index in prepared.hooks[phase].indices {
                let session = Hook.session(of: prepared.id, phase, index)
                _ = try TrackerChoice.findLeaf(session: session)?.remove()
            }
        }
    }
}
