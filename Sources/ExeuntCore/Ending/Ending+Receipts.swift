// SPDX-License-Identifier: Apache-2.0

extension Ending {
    /// How long those who have just been told are left to themselves before somebody new is looked for: a look costs
    /// the processor that the others need to go, and most of them need only a moment.
    static let moment: Duration = .milliseconds(50)

    /// Notes who was told, who had gone, and who may not be told; then looks for somebody new.
    mutating func note(
        _ receipts: [EndingEvent.Receipt], of signals: [SignalName], at now: Instant
    ) -> [EndingAction] {
        // CONT and STOP are not what a process is asked to go by.
        let asked = signals.last { $0 != .cont && $0 != .stop }
        for receipt in receipts {
            roster.update(receipt.identity) { member in
                switch receipt.result {
                case .delivered:
                    if let asked, !member.process.isLeaving || asked == .kill { member.lastSignal = asked }
                    member.refusal = nil
                case .gone: member.depart(at: now)
                case .refused(let why), .postponed(let why): member.refusal = why
                }
            }
            guard case .postponed = receipt.result else { continue }
            toldHere.remove(receipt.identity)
            killed.remove(receipt.identity)
        }
        // A stopped process stays where it is: the others are looked for at once.
        let allGone = receipts.allSatisfy { $0.result == .gone }
        switch state {
        case .rung(_, let until?) where until > now && !allGone: return [.setTimer(min(until, now + Self.moment))]
        case .kill(let until) where asked != nil && !allGone:
            return thawed() + [.setTimer(min(until, now + Self.moment))]
        case .rung: return [.observe]
        case .kill: return thawed() + lookBetweenKills()
        case .idle, .leaderFirst, .vacant, .reporting, .ended: return []
        }
    }

    /// Notes that a process is gone, and looks again when it was the last one that was awaited.
    mutating func note(exitOf process: ObservedProcess, killed byKill: Bool, at now: Instant) -> [EndingAction] {
        let identity = process.identity
        let known = roster[identity]
        if byKill, case .kill = state, isOurs(process, known) {
            roster.enter(process)
            roster.update(identity) { $0.lastSignal = .kill }
        }
        roster.update(identity) { $0.depart(at: now) }
        if case .leaderFirst = state, identity == leader { return climb(to: 0, at: now) }
        guard let known, !known.isGone, roster.awaited <= (isLeaderLeaving ? 1 : 0) else { return [] }
        switch state {
        case .rung, .vacant: return [.observe]
        case .kill: return lookBetweenKills()
        case .idle, .leaderFirst, .reporting, .ended: return []
        }
    }

    /// Whether it can have been this ending's KILL: one that a rule spares, or that is no member, died of another's.
    private func isOurs(_ process: ObservedProcess, _ known: Member?) -> Bool {
        guard let known else { return plan.sparesNobody && !process.evidence.isEmpty }
        return known.outcome != .kept && known.outcome != .reported
    }
}
