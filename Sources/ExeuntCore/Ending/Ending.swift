// SPDX-License-Identifier: Apache-2.0

/// The ending of one session: who is left, what they are told and when, and how it went.
///
/// A value without clock or I/O: events go in through `handle`, actions come out, and whoever drives it carries them
/// out. `docs/states.md` shows the states.
public struct Ending: Sendable {
    /// Where an ending stands.
    public enum State: Hashable, Sendable {
        /// It has not begun.
        case idle
        /// Only the leader has been told, and has until then.
        case leaderFirst(until: Instant)
        /// The members get the signals of this rung; `until` is set with the first delivery.
        case rung(index: Int, until: Instant?)
        /// KILL has been reached; what is alive at `until` is a survivor.
        case kill(until: Instant)
        /// Nobody is left but the leader, which is leaving by itself and has until then.
        case vacant(until: Instant)
        /// Report mode: only looking.
        case reporting
        /// It is over.
        case ended(Verdict)
    }

    /// What was decided before.
    public let plan: EndingPlan
    /// Where it stands.
    public internal(set) var state: State = .idle
    /// Everybody it came across.
    public internal(set) var roster = Roster()
    /// When it began.
    public internal(set) var began: Instant?
    /// When nothing but what a rule spares was found left.
    public internal(set) var emptied: Instant?

    var rules: RuleBook
    var leader: ProcessIdentity?
    /// Until when the leader is left alone.
    var leaderLeaves: Instant?
    /// Whether the last look has shown it leaving.
    var isLeaderLeaving = false
    /// What has been told before the first rung, and to whom of those that were found.
    var told: EndingEvent.Told?
    var informed: Set<ProcessIdentity>?
    /// Looks in a row that found nobody to end.
    var cleanLooks = 0
    /// Looks in a row that have missed somebody who was not to be ended, and of whose exit nobody has told.
    var losses = 0
    /// Who has got the signals of the present rung, or STOP in the kill state.
    var toldHere: Set<ProcessIdentity> = []
    /// Who has been sent KILL, and who was in the cgroup when all of it was killed.
    var killed: Set<ProcessIdentity> = []
    var swept: Set<ProcessIdentity> = []
    /// Looks in the present state that found somebody new.
    var rounds = 0
    /// Looks after the bound that found somebody whom KILL had not been tried on.
    var lastCalls = 0
    /// All looks so far.
    var looks = 0
    /// Whom the last look of report mode found.
    var seen: Set<ProcessIdentity> = []
    /// Whether somebody was killed whom no look had shown.
    var hasKilledUnseen = false
    /// Whether the cgroup was frozen for the last look.
    var isFrozen = false
    /// Whether the one write that kills a cgroup was refused, so that its members have to be killed one by one.
    var cgroupKillFailed = false

    /// An ending that follows `plan`.
    public init(plan: EndingPlan) {
        self.plan = plan
        self.rules = RuleBook(rules: plan.rules, ownUnits: plan.ownUnits, sparedBefore: plan.sparedBefore)
    }

    /// Whether nothing moves it any more.
    public var isOver: Bool {
        if case .ended = state { true } else { false }
    }

    /// Takes one event in and says what is to be done.
    public mutating func handle(_ event: EndingEvent, at now: Instant) -> [EndingAction] {
        if isOver { return [] }
        switch event {
        case .begin(let leader, let told): return begin(leader: leader, told: told, at: now)
        case .observed(let observation): return look(at: observation, now)
        case .signalled(let signals, let receipts): return note(receipts, of: signals, at: now)
        case .cgroupKilled(let failure): return noteCgroupKill(failure, at: now)
        case .exited(let process, let killed): return note(exitOf: process, killed: killed, at: now)
        case .emptied: return state == .idle ? [] : [.observe]
        case .timer: return timer(at: now)
        case .hurry: return hurry(at: now)
        case .leaderLeaves(let until): return leaderLeaves(until: until)
        }
    }

    /// Whoever says so may wait for it, and has to be told again.
    private mutating func leaderLeaves(until: Instant) -> [EndingAction] {
        guard leaderLeaves.map({ $0 < until }) ?? true else { return [] }
        leaderLeaves = until
        guard case .vacant = state else { return [] }
        state = .vacant(until: until)
        return [.tellVacant, .setTimer(until)]
    }

    private mutating func begin(leader: ProcessIdentity?, told: EndingEvent.Told?, at now: Instant) -> [EndingAction] {
        guard state == .idle else { return [] }
        began = now
        self.leader = leader
        self.told = told
        if let patience = plan.leaderLeaves, leader != nil { leaderLeaves = leaderLeaves ?? now + patience }
        if plan.mode == .report {
            state = .reporting
            return [.observe]
        }
        // Without a polite rung there is something to wait for only if whoever asked has told the leader already.
        guard leader != nil, let patience = plan.leaderFirst, told != nil || !plan.ladder.rungs.isEmpty else {
            return climb(to: 0, at: now)
        }
        state = .leaderFirst(until: now + patience)
        return [.setTimer(now + patience), .observe]
    }

    private mutating func timer(at now: Instant) -> [EndingAction] {
        switch state {
        // A timer that fires before its time is set again, else nothing would ever wake the machine.
        case .leaderFirst(let until): return now >= until ? climb(to: 0, at: now) : [.setTimer(until)]
        case .rung(let index, let until?) where now >= until: return climb(to: index + 1, at: now)
        case .rung: return [.observe]
        case .kill: return lookBetweenKills()
        case .vacant(let until) where now >= until:
            leaderLeaves = nil
            return climb(to: 0, at: now)
        case .vacant(let until): return [.setTimer(until)]
        case .idle, .reporting, .ended: return []
        }
    }

    private mutating func hurry(at now: Instant) -> [EndingAction] {
        switch state {
        // Whoever will not wait means the leader, too.
        case .leaderFirst, .rung, .vacant:
            leaderLeaves = nil
            return climb(to: plan.ladder.rungs.count, at: now)
        case .kill where leaderLeaves != nil:
            leaderLeaves = nil
            return lookBetweenKills()
        case .idle, .kill, .reporting, .ended: return []
        }
    }

    /// Goes to the next rung; the one after the last is KILL.
    mutating func climb(to index: Int, at now: Instant) -> [EndingAction] {
        rounds = 0
        guard index < plan.ladder.rungs.count else { return kill(at: now) }
        // A leader that was told first has had the first rung's signals.
        if case .leaderFirst = state {} else { toldHere = [] }
        state = .rung(index: index, until: nil)
        return [.cancelTimer, .observe]
    }

    /// Ends the ending; `forced` is the verdict where the roster alone does not show it.
    mutating func finish(at now: Instant, as forced: Verdict? = nil) -> [EndingAction] {
        var verdict = forced ?? Verdict(of: roster, leader: leader)
        // Whoever the roster had no room for was killed like everybody else.
        if case .kill = state, roster.omitted > 0 || hasKilledUnseen, verdict == .clean || verdict == .left {
            verdict = .killed
        }
        state = .ended(verdict)
        return thawed() + [.cancelTimer, .finish(verdict)]
    }
}
