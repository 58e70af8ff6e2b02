// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The processes of the specimens, and how machines are put into words.
enum Specimen {
    static let leader = process(10)
    static let a = process(11)
    static let b = process(12)
    static let spared = process(13, program: 7)
    static let rule = Rule(name: "keep", executable: ExecutableIdentity(device: 1, inode: 7), action: .keep)
    static let start = Instant(nanoseconds: 0)

    static func seconds(_ seconds: Int64) -> Instant { start + .seconds(seconds) }

    private static func process(_ pid: Int32, program: UInt64 = 1) -> ObservedProcess {
        ObservedProcess(
            identity: ProcessIdentity(pid: pid, startTime: 1), parent: 2, group: pid,
            executableIdentity: ExecutableIdentity(device: 1, inode: program), evidence: [.cgroup, .descent])
    }

    static func plan(_ change: (inout EndingPlan) -> Void = { _ in }) -> EndingPlan {
        var plan = EndingPlan(ladder: Ladder(rungs: [Ladder.Rung(signals: [.term], grace: .seconds(5))]))
        change(&plan)
        return plan
    }

    static func text(_ action: SessionAction, at now: Instant) -> String {
        switch action {
        case .forward(let signal, let leaderOnly):
            "forward \(signal.rawValue) to \(leaderOnly ? "L" : "L's group")"
        case .runHook(let phase, let index): "run hook \(phase.rawValue) \(index + 1)"
        case .stopHook: "stop hook"
        case .ending(let action): text(action, at: now)
        }
    }

    static func text(_ action: EndingAction, at now: Instant) -> String {
        switch action {
        case .observe: "observe"
        case .signal(let signals, let receivers):
            "signal \(signals.map(\.rawValue).joined(separator: " ")) to \(receivers.map(name).joined(separator: ", "))"
        case .thaw: "thaw"
        case .freeze: "freeze"
        case .killCgroup: "kill cgroup"
        case .killLeaderGroup: "kill L's group"
        case .setTimer(let moment): "set timer \(DurationText.text(moment - now))"
        case .cancelTimer: "cancel timer"
        case .tellVacant: "tell vacant"
        case .finish(let verdict): "finish \(verdict.rawValue)"
        }
    }

    private static func name(_ identity: ProcessIdentity) -> String {
        switch identity {
        case leader.identity: "L"
        case a.identity: "A"
        case b.identity: "B"
        default: "K"
        }
    }
}
