// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A process of somebody else whose exit is waited for.
final class WatchedExit {
    private let handle: ProcessHandle
    var watch: WatchID?

    init(_ handle: consuming ProcessHandle) { self.handle = handle }

    var descriptor: CInt { handle.descriptor }
}

extension Keeper {
    /// Takes exits that wait, of the leader and of orphans.
    func reap() throws(SystemError) {
        let hadChildren = reaper.hasChildren
        wantsReaping = try reaper.takeExits { (pid, status) throws(SystemError) in try note(pid, status) }
        if hadChildren, !reaper.hasChildren, session.reason != nil { feed(.ending(.emptied)) }
    }

    private func note(_ pid: Int32, _ status: ExitStatus) throws(SystemError) {
        let isEnding = session.reason != nil
        // Before the ending orphans come and go, and are nobody's business.
        let process = isEnding ? try trackers.describeZombie(pid) : nil
        if pid == leaderHandle?.pid {
            leaderStatus = status
            try terminal?.takeBack()
            // Stopped with a payload that was killed meanwhile, it could not say how that ended.
            if terminal?.isStopped == true { front?.continueFront() }
            feed(.leaderExited)
        }
        if pid == hookRun?.keeper { hookRun?.keeperExited() }
        trackers.noteReaped(pid)
        guard let process else { return }
        feed(.ending(.exited(process, killed: status.isKill)))
    }

    /// Watches for the exit of a process that has been told, where no other event will tell of it: the cgroup tells
    /// when it is empty and an orphan's exit comes as SIGCHLD, but nothing tells of a process that is found by a scan,
    /// nor that only those are left that a rule spares.
    func watchExit(of identity: ProcessIdentity) {
        guard watchesExits, watched[identity] == nil else { return }
        do throws(SystemError) {
            guard let handle = try ProcessHandle.open(pid: identity.pid),
                try table.stat(identity.pid)?.startTime == identity.startTime
            else { return }
            let exit = WatchedExit(handle)
            watched[identity] = exit
            exit.watch = try loop.watch(exit.descriptor, for: .read) { [self] _ in noteExit(of: identity) }
        } catch {
            // Out of descriptors: the looks that the ladder's timers cause find out as well, only later.
            watched[identity] = nil
        }
    }

    private var watchesExits: Bool {
        if !prepared.rules.isEmpty || session.ending.plan.leaderStaysInside { return true }
        // Of a log-in's members the cgroup tells only that all of them are gone, which is what is waited for.
        let isTold: [Tracker] =
            prepared.login == nil || trackers.cgroup == nil ? [.cgroup, .descent] : [.cgroup, .audit]
        return trackers.trackers.contains { !isTold.contains($0) }
    }

    func noteExit(of identity: ProcessIdentity) {
        guard let exit = watched.removeValue(forKey: identity) else { return }
        if let watch = exit.watch { loop.cancel(watch) }
        noting { () throws(SystemError) in try reap() }
        guard let member = session.ending.roster[identity], !member.isGone else { return }
        feed(.ending(.exited(member.process, killed: false)))
    }
}

extension ExitStatus {
    /// Whether SIGKILL ended the process.
    var isKill: Bool {
        if case .signalled(.kill, _) = self { return true }
        return false
    }
}
