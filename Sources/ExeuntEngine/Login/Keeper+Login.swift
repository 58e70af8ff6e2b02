// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension Keeper {
    /// Ends the session of a log-in that is over.
    static func end(_ login: LoginEnding, _ link: EnderLink, _ audience: any Supervision.Audience) throws -> Int32 {
        // Its signals are not those of whoever forked it: a terminal's, a service manager's.
        try CurrentProcess.leadOwnGroup()
        try CurrentProcess.setName("exeunt-ender")
        // Whoever has been started by a hook whose keeper was killed must not get lost.
        try CurrentProcess.becomeSubreaper()
        let prepared = try PreparedRun(login)
        let trackers = try LoginTrackers(login, table: prepared.table)
        trackers.moveLeaderOut()
        var plan = login.plan(prepared.hookPlan, leaderStaysInside: try trackers.isLeavingInside())
        // One write would kill whoever writes, and the daemon.
        if try trackers.isInsideItself() { plan.hasCgroup = false }
        let keeper = try Keeper(prepared, trackers, plan, isTakenOver: login.isTakenOver, audience)
        keeper.link = link
        keeper.leaderIdentity = login.leader
        try keeper.watch(link, trackers)
        keeper.noting { () throws(SystemError) in try keeper.watchLeader() }
        keeper.feed(.started(login.leader ?? ProcessIdentity(pid: 0, startTime: 0)))
        keeper.feed(.over(login.reason))
        if login.isHurried { keeper.feed(.requested(.term)) }
        return keeper.runToEnd()
    }

    private func watch(_ link: EnderLink, _ trackers: LoginTrackers) throws(SystemError) {
        try watchSignals()
        var watch: WatchID?
        watch = try loop.watch(link.enderEnd, for: .read) { [self] found in
            noting { () throws(SystemError) in
                while let message = try link.nextFromDaemon() { take(message, trackers) }
            }
            // The daemon is gone: nobody will say anything any more.
            if found.contains(.hangup), let watch { loop.cancel(watch) }
        }
    }

    private func take(_ message: EnderLink.Message, _ trackers: LoginTrackers) {
        switch message {
        case .hurry: feed(.requested(.term))
        case .leaderLeaves(let patience, let since):
            let until = Instant.now() + patience
            trackers.leaderLeaves(since: since, until: until)
            feed(.ending(.leaderLeaves(until: until)))
        case .reason(let reason): feed(.over(reason))
        case .vacant: break
        }
    }

    /// Nothing else tells of the exit of a leader that has been moved out of the session's cgroup.
    private func watchLeader() throws(SystemError) {
        guard let leader = leaderIdentity, let handle = try ProcessHandle.open(pid: leader.pid),
            try table.stat(leader.pid)?.startTime == leader.startTime
        else { return }
        let exit = WatchedExit(handle)
        watched[leader] = exit
        exit.watch = try loop.watch(exit.descriptor, for: .read) { [self] _ in
            feed(.leaderExited)
            noteExit(of: leader)
            if session.reason != nil { feed(.ending(.emptied)) }
        }
    }
}
