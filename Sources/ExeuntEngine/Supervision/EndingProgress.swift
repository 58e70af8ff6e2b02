// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// How an ending stands while it takes its time.
public struct EndingProgress: Sendable {
    /// What is left, as last seen.
    public let remaining: [ObservedProcess]
    /// What comes next, such as `KILL`; nil after KILL.
    public let nextStep: String?
    /// How long until then, or until whoever is left counts as a survivor.
    public let until: Duration
    /// The hook that runs; nothing of the session is told to go then.
    public let hook: HookProgress?

    init(_ ending: Ending, hook: HookProgress?, now: Instant) {
        self.hook = hook
        remaining = ending.roster.members.filter { !$0.isGone && $0.outcome == .pending }.map(\.process)
        switch ending.state {
        case .rung(let index, let until?):
            let rungs = ending.plan.ladder.rungs
            nextStep = index + 1 < rungs.count ? rungs[index + 1].words : "KILL"
            self.until = max(.zero, until - now)
        case .leaderFirst(let until):
            nextStep = ending.plan.ladder.rungs.first?.words ?? "KILL"
            self.until = max(.zero, until - now)
        case .kill(let until):
            nextStep = nil
            self.until = max(.zero, until - now)
        case .vacant(let until):
            nextStep = ending.plan.ladder.rungs.first?.words ?? "KILL"
            self.until = max(.zero, until - now)
        case .idle, .rung, .reporting, .ended:
            nextStep = nil
            self.until = .zero
        }
    }
}

extension Ladder.Rung {
    /// Its signals as people write them.
    fileprivate var words: String { signals.map(\.rawValue).joined(separator: " ") }
}
