// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What a hook has left whose own keeper was killed: ended as everything is, while nothing else goes on.
struct HookRemains {
    private let trackers: SessionTrackers
    private let signaller: Signaller

    /// - Parameters:
    ///   - owner: the uid that the hook ran as.
    ///   - known: processes that are none of the hook's although they descend from this one.
    ///   - isDescentCertain: whether all other descendants are the hook's.
    init(
        session: String, owner: UInt32, table: ProcessTable, beside known: Set<Int32>, isDescentCertain: Bool
    ) throws(SystemError) {
        let choice = try TrackerChoice.find(nil, session: session, isDescentCertain: isDescentCertain)
        trackers = SessionTrackers(
            choice: choice, session: session, owner: owner, rules: [], table: table, earlierChildren: known)
        signaller = Signaller(table: table)
    }

    /// The hook had its time, so that nothing of it is asked to go: CONT is there for the look that comes with it, by
    /// which the record names everybody whom one write then kills.
    private static let ladder = Ladder(rungs: [Ladder.Rung(signals: [.cont], grace: .zero)])

    /// Ends all of it, and removes its leaf.
    ///
    /// - Parameter patience: for whoever does not go in spite of KILL.
    /// - Returns: who was found.
    func end(within patience: Duration) throws(SystemError) -> [HookOutcome.LeftOver] {
        var ending = Ending(
            plan: EndingPlan(ladder: Self.ladder, unkillable: patience, hasCgroup: trackers.cgroup != nil))
        var event = EndingEvent.begin(leader: nil, told: nil)
        while !ending.isOver {
            var answer: EndingEvent?
            for action in ending.handle(event, at: .now()) { answer = try perform(action) ?? answer }
            if let answer {
                event = answer
            } else {
                try nap(ending.roster)
                event = .timer
            }
        }
        _ = try trackers.cgroup?.remove()
        return ending.roster.members.map { member in
            .init(pid: member.process.identity.pid, name: member.process.name, isGone: member.isGone)
        }
    }

    /// - Returns: what an action asks for. Timers are all the same here: after a nap everybody is looked at again.
    private func perform(_ action: EndingAction) throws(SystemError) -> EndingEvent? {
        switch action {
        case .observe: return .observed(try trackers.observe(hasChildren: true, scanning: true))
        case .signal(let names, let identities):
            let receipts = identities.map { identity in
                EndingEvent.Receipt(
                    identity: identity,
                    result: signaller.send(names, to: identity, isOwnChild: trackers.isOwnChild(identity)))
            }
            return .signalled(names, receipts)
        case .thaw: try trackers.cgroup?.thawDescendants()
        case .killCgroup:
            do throws(SystemError) {
                try trackers.cgroup?.kill()
                return .cgroupKilled(failure: nil)
            } catch {
                return .cgroupKilled(failure: error.description)
            }
        case .freeze, .killLeaderGroup, .setTimer, .cancelTimer, .tellVacant, .finish: break
        }
        return nil
    }

    /// Until the first of those who are left has gone, or for a moment.
    private func nap(_ roster: Roster) throws(SystemError) {
        guard let first = roster.members.first(where: { !$0.isGone }) else { return }
        _ = try ProcessHandle.open(pid: first.process.identity.pid)?.waitForExit(.milliseconds(50))
    }
}
