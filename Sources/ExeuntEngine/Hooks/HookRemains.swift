// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What a hook has left whose own keeper was killed. It had its time, so that nothing of it is asked.
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

    /// Kills all of it, until two looks in a row have found nobody, and removes its leaf.
    ///
    /// - Parameter patience: for whoever does not go in spite of KILL.
    /// - Returns: who was found.
    func end(within patience: Duration) throws(SystemError) -> [HookOutcome.LeftOver] {
        let deadline = MonotonicInstant.now() + patience
        var found: [ProcessIdentity: ObservedProcess] = [:]
        var alive: Set<ProcessIdentity> = []
        var cleanLooks = 0
        while cleanLooks < 2 {
            let members = try trackers.observe(hasChildren: true, scanning: true).members
            for member in members { found[member.identity] = member }
            alive = Set(members.map(\.identity))
            if MonotonicInstant.now() > deadline { break }
            cleanLooks = members.isEmpty ? cleanLooks + 1 : 0
            try sendKill(to: members)
        }
        _ = try trackers.cgroup?.remove()
        return found.values.sorted { $0.identity.pid < $1.identity.pid }.map { process in
            .init(pid: process.identity.pid, name: process.name, isGone: !alive.contains(process.identity))
        }
    }

    private func sendKill(to members: [ObservedProcess]) throws(SystemError) {
        try trackers.cgroup?.kill()
        for member in members {
            _ = signaller.send([.kill], to: member.identity, isOwnChild: trackers.isOwnChild(member.identity))
        }
        // Not for all of them: the next look sees who is left.
        guard let first = members.first, let handle = try ProcessHandle.open(pid: first.identity.pid) else { return }
        _ = handle.waitForExit(.milliseconds(50))
    }
}
