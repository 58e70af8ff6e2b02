// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension Keeper {
    /// Carries one action out.
    func perform(_ action: SessionAction) {
        switch action {
        case .forward(let name, let leaderOnly):
            if leaderOnly { _ = leaderHandle?.send(Signal(name), to: .process) } else { signalGroup(Signal(name)) }
        case .runHook(let phase, let index): runHook(phase, index)
        case .stopHook: stopHook()
        case .ending(let action): noting { () throws(SystemError) in try perform(action) }
        }
    }

    private func perform(_ action: EndingAction) throws(SystemError) {
        if !isWatchingCgroup { try watchCgroup() }
        switch action {
        case .observe: wantsLook = true
        case .signal(let signals, let identities): tell(signals, identities)
        case .thaw: try trackers.cgroup?.thawDescendants()
        case .freeze: try trackers.cgroup?.freeze(within: Self.freezing)
        case .killCgroup: try killCgroup()
        case .killLeaderGroup: try killLeaderGroup()
        case .setTimer(let instant): try setTimer(at: instant)
        case .cancelTimer: cancelTimer()
        case .tellVacant:
            // try?: the daemon is gone, and whoever waited with it.
            try? link?.tellDaemon(.vacant)
        case .finish(let verdict): self.verdict = verdict
        }
    }

    /// Whoever the kernel cannot freeze in this time is in an uninterruptible sleep, and does not fork either.
    private static let freezing = Duration.milliseconds(100)

    /// What is needed from the first instant of an ending, and would only cost wake-ups before it.
    func beginEnding() throws(SystemError) {
        guard endingBegan == nil else { return }
        endingBegan = EndingTimes()
        if prepared.request.wantsProgress { try scheduleProgress(after: .milliseconds(500)) }
    }

    private func watchCgroup() throws(SystemError) {
        try beginEnding()
        isWatchingCgroup = true
        // One that has been removed meanwhile is empty, and tells of nothing.
        if let cgroup = trackers.cgroup, try cgroup.isThere() {
            try loop.watch(try cgroup.eventsDescriptor(), for: .priority) { [self] _ in
                noting { () throws(SystemError) in if try !cgroup.isPopulated() { try noteEmpty() } }
            }
        }
    }

    private func scheduleProgress(after delay: Duration) throws(SystemError) {
        try loop.schedule(at: MonotonicInstant.now() + delay) { [self] in
            if verdict != nil { return }
            audience.progress(EndingProgress(session.ending, hook: hookRun?.progress(at: .now()), now: .now()))
            noting { () throws(SystemError) in try scheduleProgress(after: .milliseconds(500)) }
        }
    }

    /// Nothing may be left: take the exits that belong to it first, so that they are in the record.
    func noteEmpty() throws(SystemError) {
        try reap()
        feed(.ending(.emptied))
    }

    private func tell(_ names: [SignalName], _ identities: [ProcessIdentity]) {
        var receipts: [EndingEvent.Receipt] = []
        receipts.reserveCapacity(identities.count)
        for identity in identities {
            let result = signaller.send(names, to: identity, isOwnChild: trackers.isOwnChild(identity))
            if result == .delivered { watchExit(of: identity) }
            receipts.append(EndingEvent.Receipt(identity: identity, result: result))
        }
        feed(.ending(.signalled(names, receipts)))
    }

    private func killCgroup() throws(SystemError) {
        guard let cgroup = trackers.cgroup else { return }
        do throws(SystemError) {
            try cgroup.kill()
        } catch {
            feed(.ending(.cgroupKilled(failure: error.description)))
            return
        }
        feed(.ending(.cgroupKilled(failure: nil)))
        // Where it was empty already there will be no event.
        if try !cgroup.isPopulated() { try noteEmpty() }
    }

    /// Kills the leader's group in one call if everybody in it descends from this process: what has been forked but
    /// not seen yet goes with it.
    private func killLeaderGroup() throws(SystemError) {
        guard let leader = leaderHandle else { return }
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        for pid in pids {
            guard let stat = try table.stat(pid), stat.group == leader.pid, !stat.isDead else { continue }
            guard try descends(stat) else { return }
        }
        _ = leader.send(.kill, to: .group)
    }

    private func descends(_ process: ProcessStat) throws(SystemError) -> Bool {
        var current = process
        while current.parent != CurrentProcess.pid {
            guard current.parent > 1, let parent = try table.stat(current.parent) else { return false }
            current = parent
        }
        return true
    }

    private func setTimer(at instant: Instant) throws(SystemError) {
        cancelTimer()
        let moment = MonotonicInstant(nanoseconds: UInt64(max(0, instant.nanoseconds)))
        timer = try loop.schedule(at: moment) { [self] in
            timer = nil
            feed(.ending(.timer))
        }
    }

    private func cancelTimer() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}
