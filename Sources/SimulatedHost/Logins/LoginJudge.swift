// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Watches a run of log-ins from where everything can be seen, and notes the first promise that is broken. What it knows it
/// has from the log-ins themselves, not from the registry.
final class LoginJudge {
    /// What is true of a log-in, whoever knows it.
    struct Login {
        var isOpen = false
        /// The log-in inside whose session it is.
        var inside: Int?
        /// Since when somebody may take its session for over, and whether everybody must.
        var mayEnd: Int64?
        var mustEnd = false
        /// When it was closed by its leader.
        var closed: Int64?
        /// Whether somebody who will not wait has asked for the end, and whether somebody has whose word no list outweighs.
        var isForced = false
        var isAsked = false
        /// Whether somebody was killed who had begun to end it.
        var isInterrupted = false
        var hooks: [HookPhase: [Int]] = [:]
        /// Whoever has run them.
        var hookRunners: Set<Int> = []
    }

    struct LeaseFacts {
        let login: Int
        let expires: Int64
        var mayEnd = false
        var givenBack: Int64?
    }

    weak var run: LoginSimulation?
    private let policy: LoginScenario.Policy
    private(set) var logins: [Login]
    private(set) var leases: [String: LeaseFacts] = [:]
    private(set) var violation: Violation?

    init(_ scenario: LoginScenario) {
        policy = scenario.policy
        logins = Array(repeating: Login(), count: scenario.logins.count)
    }

    var time: Int64 { run?.time ?? 0 }

    func fault(_ promise: Violation.Promise, _ detail: @autoclosure () -> String) {
        guard violation == nil else { return }
        violation = Violation(promise: promise, detail: Trace.plain("\(detail()) at \(Host.shown(time))"))
    }

    // MARK: What the run tells

    func opens(_ login: Int) { logins[login].isOpen = true }

    /// The log-in is inside this session, and has none of its own.
    func isInside(_ login: Int, _ session: String) {
        guard let around = number(of: session), around != login else { return }
        logins[login].inside = around
    }

    func mayEnd(_ login: Int, isForced: Bool = false) {
        logins[owner(of: login)].mayEnd = logins[owner(of: login)].mayEnd ?? time
        if isForced { logins[owner(of: login)].isForced = true }
    }

    func mustEnd(_ login: Int) { logins[owner(of: login)].mustEnd = true }
    func closes(_ login: Int) { logins[login].closed = time }
    func asked(_ login: Int) { logins[owner(of: login)].isAsked = true }

    func grants(_ id: String, _ lease: Lease) {
        guard let login = lease.session.flatMap(number) else { return }
        leases[id] = LeaseFacts(login: login, expires: lease.expires.nanoseconds)
    }

    func mayEnd(lease: String) { leases[lease]?.mayEnd = true }
    func gaveBack(_ lease: String) { leases[lease]?.givenBack = time }

    // MARK: What is true

    /// The log-in whose session a log-in is in.
    func owner(of login: Int) -> Int { logins[login].inside.map(owner) ?? login }

    func session(of login: Int) -> String { run?.modules[owner(of: login)].session ?? "s\(owner(of: login))" }

    func number(of session: String) -> Int? { Int(session.dropFirst().prefix(while: \.isNumber)) }

    /// Whether somebody may take the session for over.
    func isOver(_ login: Int) -> Bool { logins[owner(of: login)].mayEnd != nil || hasLostLeader(owner(of: login)) }

    /// Whether the leader, which has opened the session twice, has closed what it took for another one.
    func isClosedFromInside(_ login: Int) -> Bool { logins.contains { $0.inside == login && $0.closed != nil } }

    func hasLostLeader(_ login: Int) -> Bool {
        guard let run, let leader = run.modules[login].leader else { return true }
        return !run.host.tasks[leader].isAlive || run.host.tasks[leader].login != login
    }

    // MARK: Those that end sessions

    func begins(_ ender: SimulatedEnder) {
        guard let run else { return }
        let id = ender.tracked.id
        let others = run.enders.filter { $0.tracked.id == id && $0.serial != ender.serial }
        if others.contains(where: { $0.life == .running }) {
            fault(.oneEnder, "\(ender) begins while another is at it")
        }
        let isDone = others.contains { $0.hasWritten && !$0.order.isRepeated }
        if isDone, !ender.order.isRepeated { fault(.oneEnder, "\(ender) begins when another has done it") }
        if ender.tracked.lease == nil, let login = number(of: id), !isOver(login) {
            fault(.nothingIsLost, "\(ender) begins while log-in \(login) goes on")
        }
    }

    func killed(_ ender: SimulatedEnder) {
        guard ender.life != .forked, ender.tracked.lease == nil, let login = number(of: ender.tracked.id) else {
            return
        }
        logins[login].isInterrupted = true
    }

    func runsHook(_ ender: SimulatedEnder, _ phase: HookPhase, _ index: Int) {
        guard let login = number(of: ender.tracked.id), ender.tracked.lease == nil else {
            return fault(.hooksRunOnce, "a hook for the lease \(ender.tracked.id)")
        }
        if logins[login].hooks[phase, default: []].contains(index) {
            fault(.hooksRunOnce, "\(ender) runs \(phase) \(index) again")
        }
        logins[login].hooks[phase, default: []].append(index)
        logins[login].hookRunners.insert(ender.serial)
        if logins[login].hookRunners.count > 1 {
            fault(.hooksRunOnce, "\(ender) runs \(phase) \(index) as the second one")
        }
    }

    func signals(_ ender: SimulatedEnder, _ task: LoginHost.Task, _ signal: SignalName) {
        guard let run else { return }
        let what = "\(signal.rawValue) from \(ender) to \(run.name(task.serial))"
        if policy.mode == .report { fault(.reportIsSilent, what) }
        if ender.tracked.lease != nil {
            if task.place != ender.tracked.cgroup?.path { fault(.foreignUntouched, what) }
            if let lease = leases[ender.tracked.id], !mayEnd(lease) { fault(.leaseHasItsTime, what) }
            return
        }
        if task.place.hasPrefix(LoginHost.leasePrefix) { fault(.leaseHasItsTime, what) }
        let isLeader = task.identity == ender.tracked.leader
        if !isLeader, task.login != number(of: ender.tracked.id).map(owner) { fault(.foreignUntouched, what) }
        checkLeaving(ender, isLeader, what)
    }

    private func checkLeaving(_ ender: SimulatedEnder, _ isLeader: Bool, _ what: String) {
        guard isLeader, ender.order.reason == .closed, let login = number(of: ender.tracked.id),
            let closed = logins[login].closed, logins[login].mayEnd == closed, !logins[login].isForced
        else { return }
        if time < closed + DurationText.nanoseconds(EnderOrder.leaderPatience) { fault(.leaderMayLeave, what) }
    }

    private func mayEnd(_ lease: LeaseFacts) -> Bool {
        time >= lease.expires || lease.mayEnd && isOver(lease.login)
    }

    /// The daemon has nothing to do but to wait.
    func rests(_ daemon: SimulatedDaemon) {
        let deadlines = daemon.registry.sessions.values.compactMap { session -> Int64? in
            switch session.state {
            case .active: session.lease?.expires.nanoseconds
            case .kept(let until): until?.nanoseconds
            case .ending: nil
            }
        }
        if deadlines.min() != daemon.timer {
            fault(
                .timerIsRight,
                "\(deadlines.min().map(Host.shown) ?? "none"), the timer is \(daemon.timer.map(Host.shown) ?? "none")")
        }
    }
}
