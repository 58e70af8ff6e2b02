// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// The payload's parent: brings what happens to the session's machine, and carries out what it answers.
final class Keeper {
    let prepared: PreparedRun
    let front: FrontLink?
    let audience: any Supervision.Audience
    let loop: EventLoop
    let table: ProcessTable
    let trackers: any SessionTracking
    /// The same, where it is a payload that is kept.
    let payloadTrackers: SessionTrackers?
    /// Whether another process had begun with the session, and has run nobody knows which hooks.
    let isTakenOver: Bool
    let signaller: Signaller
    let reaper: Reaper
    let terminal: TerminalControl?
    var session: Session
    var leaderHandle: LeaderHandle?
    var leaderIdentity: ProcessIdentity?
    /// How the leader ended, once it has.
    var leaderStatus: ExitStatus?
    var verdict: Verdict?
    /// What failed in a handler, until the main loop has dealt with it.
    var failure: SystemError?
    private var failures = 0
    var timer: TimerID?
    /// Set by an `observe`: the look is taken in the main loop, after everything that has happened meanwhile.
    var wantsLook = false
    /// Set while more exits wait than are taken in one go.
    var wantsReaping = false
    private var emptyLooks = 0
    private var hasLooked = false
    /// Events that actions have caused, in order.
    var pending: [SessionEvent] = []
    var watched: [ProcessIdentity: WatchedExit] = [:]
    /// The hook that runs, or waits to be tried again, and what became of those before it.
    var hookRun: HookRun?
    var hookRetry: HookRetry?
    var hookOutcomes: [HookOutcome] = []
    var endingBegan: EndingTimes?
    /// To the daemon, in the process that ends the session of a log-in for it.
    var link: EnderLink?
    /// Set by the first step of the ladder.
    var isWatchingCgroup = false

    /// A payload's.
    private init(
        _ prepared: PreparedRun, _ choice: TrackerChoice.Choice, front: FrontLink?, isTakenOver: Bool = false,
        _ audience: any Supervision.Audience
    ) throws(SystemError) {
        self.prepared = prepared
        self.front = front
        self.audience = audience
        self.isTakenOver = isTakenOver
        loop = try EventLoop()
        table = prepared.table
        let trackers = SessionTrackers(
            choice: choice, session: prepared.id, owner: prepared.request.owner, rules: prepared.rules, table: table,
            // A keeper with a front has been forked and has none; those are the front's.
            earlierChildren: front == nil ? prepared.earlierChildren : [])
        self.trackers = trackers
        payloadTrackers = trackers
        signaller = Signaller(table: table)
        reaper = Reaper(table: table)
        terminal =
            prepared.usesTerminal
            ? TerminalControl(front: front?.frontPID ?? CurrentProcess.pid, table: table) : nil
        let plan = prepared.plan(for: choice)
        session = Session(plan: isTakenOver ? plan.takenOver : plan)
    }

    /// That of a log-in which is over.
    init(
        _ prepared: PreparedRun, _ trackers: any SessionTracking, _ plan: EndingPlan, isTakenOver: Bool,
        _ audience: any Supervision.Audience
    ) throws(SystemError) {
        self.prepared = prepared
        self.audience = audience
        self.trackers = trackers
        self.isTakenOver = isTakenOver
        front = nil
        payloadTrackers = nil
        terminal = nil
        loop = try EventLoop()
        table = prepared.table
        signaller = Signaller(table: table)
        reaper = Reaper(table: table)
        session = Session(plan: isTakenOver ? plan.takenOver : plan)
    }

    /// Runs the payload and its ending, in a process that does nothing else.
    ///
    /// - Returns: the exit code for the caller.
    static func keep(_ prepared: PreparedRun, front: FrontLink?, _ audience: any Supervision.Audience) -> Int32 {
        var leaf: Cgroup?
        do {
            try CurrentProcess.becomeSubreaper()
            // Under another name, so that whoever kills "exeunt" by name still leaves one of the two.
            if front != nil { try CurrentProcess.setName("session-keeper") }
            let choice = try TrackerChoice.make(prepared.request.trackers, session: prepared.id)
            leaf = choice.cgroup
            let keeper = try Keeper(prepared, choice, front: front, audience)
            // Whoever kills the front's whole group (timeout, a shell's job, a CI runner) leaves the keeper too. Only
            // now: the terminal belongs to the group that the front is in.
            if front != nil { try CurrentProcess.leadOwnGroup() }
            try keeper.start()
            return keeper.runToEnd()
        } catch {
            audience.notStarted(error)
            remove(leaf, audience)
            return prepared.request.exitCodes.code(for: error)
        }
    }

    /// Ends the session of a keeper that was killed.
    static func takeOver(_ prepared: PreparedRun, _ audience: any Supervision.Audience) -> Int32 {
        do {
            let choice = try TrackerChoice.find(
                prepared.request.trackers, session: prepared.id,
                isDescentCertain: prepared.earlierChildren.isEmpty)
            let keeper = try Keeper(prepared, choice, front: nil, isTakenOver: true, audience)
            try keeper.adopt()
            return keeper.runToEnd()
        } catch {
            audience.failed(error)
            return prepared.request.exitCodes.code(for: error)
        }
    }

    private static func remove(_ leaf: Cgroup?, _ audience: any Supervision.Audience) {
        do throws(SystemError) {
            _ = try leaf?.remove()
        } catch {
            audience.failed(error)
        }
    }

    /// As `run`, and says so when there is nothing more that can be done.
    func runToEnd() -> Int32 {
        do {
            return try run()
        } catch {
            audience.gaveUp(error)
            // try?: the failure that led here is the one that is told.
            try? trackers.removeCgroup()
            return prepared.request.exitCodes.failure
        }
    }

    /// Handles what happens until the ending is over.
    private func run() throws -> Int32 {
        while verdict == nil {
            if let failure { try endure(failure) }
            noting { () throws(SystemError) in try loop.runOnce(timeout: wantsLook || wantsReaping ? .zero : nil) }
            if wantsReaping { noting { () throws(SystemError) in try reap() } }
            guard wantsLook, verdict == nil else { continue }
            wantsLook = false
            // One that is too late.
            if session.ending.isOver { continue }
            noting { () throws(SystemError) in try look() }
        }
        noting { () throws(SystemError) in try conclude() }
        if let failure { audience.failed(failure) }
        let record = makeRecord()
        // Whoever asks for a record relies on it: without one, success would be a lie. Another code says more.
        let isTold = audience.over(record)
        // try?: everything is done and told; without this word the front exits with the code.
        if let interrupt = interruptOfPayload { try? front?.tellFront(interrupt) }
        return isTold || record.exitCode != 0 ? record.exitCode : prepared.request.exitCodes.failure
    }

    private func look() throws(SystemError) {
        try reap()
        let isHasty = wantsReaping && (emptyLooks + 1) % Self.mostEmptyLooks != 0
        // The first look at a log-in's session: there is another one after whatever comes of it, unless rules spare somebody.
        let isFirst = payloadTrackers == nil && !hasLooked && prepared.rules.isEmpty
        hasLooked = true
        let observation = try trackers.observe(hasChildren: reaper.hasChildren, scanning: !isHasty && !isFirst)
        // Whoever has exited and is not taken before the last look would be missing in the record. Not for ever, since
        // racers make exits as fast as they are taken, and may not be seen themselves.
        emptyLooks = observation.members.isEmpty && wantsReaping ? emptyLooks + 1 : 0
        if emptyLooks % Self.mostEmptyLooks == 0 {
            feed(.ending(.observed(observation)))
        } else {
            wantsLook = true
        }
    }

    /// More exits than these looks take (a host has 32,768 pids by default) come at once only from racers.
    private static let mostEmptyLooks = 160

    /// Goes on in spite of a failure: giving up would leave the payload running. A host that is out of memory or
    /// descriptors may have some again a moment later.
    private func endure(_ error: SystemError) throws(SystemError) {
        failure = nil
        failures += 1
        if failures == 1 { audience.failed(error) }
        guard failures < Self.endurance else {
            killBlindly()
            throw error
        }
        guard session.reason != nil else { return }
        try loop.schedule(at: MonotonicInstant.now() + .milliseconds(50)) { [self] in wantsLook = true }
    }

    /// The last thing to do for a host on which nothing works: what needs no look at it.
    private func killBlindly() {
        guard prepared.request.mode == .end, prepared.rules.isEmpty else { return }
        // try?: the failure that led here is the one that is told.
        try? trackers.cgroup?.kill()
        if leaderStatus == nil { _ = leaderHandle?.send(.kill, to: .group) }
    }

    /// After so many failures, a minute's worth of them, nothing can be expected any more.
    private static let endurance = 1200

    /// Passes an event to the machine, carries out its answer, and goes on with what that has caused.
    func feed(_ event: SessionEvent) {
        pending.append(event)
        // An event that an action causes is handled after the actions that were asked for before it.
        guard pending.count == 1 else { return }
        while let next = pending.first {
            for action in session.handle(next, at: .now()) { perform(action) }
            pending.removeFirst()
        }
    }

    /// Runs work in a handler; what fails there ends the run.
    func noting(_ work: () throws(SystemError) -> Void) {
        do throws(SystemError) {
            try work()
        } catch {
            if failure == nil { failure = error }
        }
    }
}

/// When an ending began, on either clock.
struct EndingTimes {
    let civil = CivilClock.now()
    let instant = Instant.now()
}

extension Instant {
    /// Now, on the monotonic clock.
    public static func now() -> Instant { Instant(nanoseconds: Int64(clamping: MonotonicInstant.now().nanoseconds)) }
}
