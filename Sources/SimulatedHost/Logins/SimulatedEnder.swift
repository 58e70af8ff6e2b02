// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A process that ends a session for the daemon: a session's machine, driven against the host as the keeper drives it.
final class SimulatedEnder {
    enum Life { case forked, running, written, gone }

    unowned let run: LoginSimulation
    let serial: Int
    let tracked: TrackedSession
    let order: EnderOrder
    /// The daemon that has forked it.
    let daemon: Int
    var life = Life.forked
    var session: Session
    /// Whom a look has shown, and whose exit it is told of.
    private(set) var seen: Set<Int> = []
    private var pending: [SessionEvent] = []
    private var isLooking = false
    private var wasShort = false
    /// Whether it has left its record.
    private(set) var hasWritten = false
    private var timers = 0
    private var hookRuns = false
    /// What it is told before it has begun.
    private var inbox: [EnderNews] = []

    init(_ run: LoginSimulation, _ serial: Int, _ tracked: TrackedSession, _ order: EnderOrder, by daemon: Int) {
        self.run = run
        self.serial = serial
        self.tracked = tracked
        self.order = order
        self.daemon = daemon
        session = Session(plan: run.plan(tracked, order))
    }

    /// Takes something in that has happened to it.
    func take(_ event: LoginEvent.EnderEvent) {
        if life == .forked {
            switch event {
            case .begins: return begin()
            case .told(let news): return inbox.append(news)
            case .goes: break
            default: return
            }
        }
        if case .goes = event, life != .gone { return run.enderGoes(self) }
        guard life == .running else { return }
        switch event {
        case .looks: look()
        case .told(.hurry): feed(.requested(.term))
        case .told(.leaderLeaves(let patience, since: _)): feed(.ending(.leaderLeaves(until: run.now + patience)))
        case .told(.reason(let reason)): feed(.over(reason))
        case .timer(let number): if number == timers { feed(.ending(.timer)) }
        case .hookEnded:
            guard hookRuns else { return }
            hookRuns = false
            feed(.hookEnded)
        case .exited(let task): exited(run.host.tasks[task])
        case .emptied: feed(.ending(.emptied))
        case .begins, .goes: return
        }
    }

    private func begin() {
        guard run.sabotage?.letsOrphansBegin == true || run.daemon?.number == daemon else {
            // Whoever comes after that daemon decides anew, and must find what tells that somebody has begun.
            if run.sabotage == .orphansTakeFilesAway, run.files.endings[tracked.id]?.holder == nil {
                run.files.endings[tracked.id] = nil
            }
            return run.enderGoes(self)
        }
        if run.sabotage != .takesNoLock, let file = run.files.endings[tracked.id] {
            if file.holder != nil || file.record != nil { return run.enderGoes(self) }
        }
        run.files.endings[tracked.id] = HostFiles.EndingFile(record: nil, holder: serial)
        life = .running
        run.say("\(self) begins: \(order)")
        run.judge.begins(self)
        let leader = tracked.lease == nil ? tracked.leader.flatMap { run.host.living($0)?.identity } : nil
        feed(.started(leader ?? ProcessIdentity(pid: 0, startTime: 0)))
        feed(.over(order.reason))
        if order.isForced { feed(.requested(.term)) }
        for news in inbox { take(.told(news)) }
    }

    func feed(_ event: SessionEvent) {
        guard life == .running else { return }
        pending.append(event)
        guard pending.count == 1 else { return }
        while let next = pending.first, life == .running {
            let actions = session.handle(next, at: run.now)
            run.say("\(self): \(Trace.text(next)) → \(Trace.text(session)) \(Trace.text(actions))")
            for action in actions { perform(action) }
            pending.removeFirst()
        }
    }

    private func exited(_ task: LoginHost.Task) {
        let isLeader = task.identity == tracked.leader && tracked.lease == nil
        if isLeader { feed(.leaderExited) }
        if seen.contains(task.serial) {
            feed(.ending(.exited(run.host.observed(task, .descent, at: run.time), killed: false)))
        }
        if isLeader { feed(.ending(.emptied)) }
    }

    private func look() {
        isLooking = false
        if session.ending.isOver { return }
        var members = run.host.members(of: tracked, countingLeases: run.sabotage == .endsLeases)
        // Two in a row that miss the same one are more than any ending can stand.
        wasShort = !wasShort && !members.isEmpty && run.random.chance(run.scenario.faults.shortLooks)
        if wasShort { members.remove(at: run.random.below(members.count)) }
        for member in members { seen.insert(member.task.serial) }
        let isCertain = tracked.lease != nil && members.isEmpty && run.host.isEmpty(tracked.cgroup?.path ?? "")
        let shown = members.map { run.host.observed($0.task, $0.evidence, at: run.time) }
        feed(.ending(.observed(Observation(members: shown, isCertain: isCertain))))
    }

    private func perform(_ action: SessionAction) {
        switch action {
        case .forward: break
        case .runHook(let phase, let index):
            hookRuns = true
            run.judge.runsHook(self, phase, index)
            run.events.add(.ender(serial, .hookEnded), at: run.time + run.random.span(100_000, 2_000_000_000))
        case .stopHook: run.events.add(.ender(serial, .hookEnded), at: run.time + 1_000_000)
        case .ending(.observe):
            guard !isLooking else { return }
            isLooking = true
            run.events.add(.ender(serial, .looks), at: run.time + 100_000)
        case .ending(.signal(let signals, let identities)): signal(signals, identities)
        case .ending(.killCgroup): killCgroup()
        case .ending(.setTimer(let instant)): setTimer(instant)
        case .ending(.cancelTimer): timers += 1
        case .ending(.tellVacant): run.tellVacant(self)
        case .ending(.finish(let verdict)): finish(verdict)
        // Nobody freezes anything here, and whoever has moved the leader out of its group is not simulated.
        case .ending(.thaw), .ending(.freeze), .ending(.killLeaderGroup): break
        }
    }

    private func setTimer(_ instant: Instant) {
        timers += 1
        run.events.add(.ender(serial, .timer(timers)), at: max(run.time, instant.nanoseconds))
    }

    private func signal(_ signals: [SignalName], _ identities: [ProcessIdentity]) {
        let receipts = identities.map { identity in
            guard let task = run.host.living(identity) else {
                return EndingEvent.Receipt(identity: identity, result: .gone)
            }
            for signal in signals { run.deliver(signal, to: task.serial, from: self) }
            return EndingEvent.Receipt(identity: identity, result: .delivered)
        }
        feed(.ending(.signalled(signals, receipts)))
    }

    private func killCgroup() {
        let path = tracked.cgroup?.path
        for task in run.host.tasks where task.isAlive && task.place == path {
            run.deliver(.kill, to: task.serial, from: self)
        }
        feed(.ending(.cgroupKilled(failure: nil)))
    }

    private func finish(_ verdict: Verdict) {
        let members = session.ending.roster.members
        let names = Set(members.filter { $0.outcome == .kept }.compactMap(\.rule))
        let over = tracked.over ?? run.now
        let next = session.ending.plan.rules.nextExpiry(after: order.elapsed, of: names).map { over + $0 }
        run.files.endings[tracked.id]?.record = HostFiles.Record(
            ender: serial, session: tracked.id, reason: order.reason, verdict: verdict, keptUntil: next,
            isRepeated: order.isRepeated)
        life = .written
        hasWritten = true
        run.events.add(.ender(serial, .goes), at: run.time + run.random.span(1_000, 50_000_000))
    }
}

extension SimulatedEnder: CustomStringConvertible {
    var description: String { "ender \(serial) of \(tracked.id)" }
}
