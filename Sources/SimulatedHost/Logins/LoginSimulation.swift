// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// One run of a scenario of log-ins: a daemon that is killed and started again, those that end sessions for it, the module
/// that log-ins have, and a judge beside them.
final class LoginSimulation {
    /// More than any run needs; whoever reaches it goes in circles.
    static let mostEvents = 30_000
    private static let start: Int64 = 1_000_000_000

    let scenario: LoginScenario
    let sabotage: LoginSabotage?
    let host = LoginHost()
    let judge: LoginJudge
    var files = HostFiles()
    var events = EventQueue<LoginEvent>()
    var time = LoginSimulation.start
    var random: SeededGenerator
    var daemon: SimulatedDaemon?
    var enders: [SimulatedEnder] = []
    var modules: [Module]
    var waiters = 0
    private var daemons = 0
    private let trace: ((String) -> Void)?

    init(_ scenario: LoginScenario, sabotage: LoginSabotage? = nil, trace: ((String) -> Void)? = nil) {
        self.scenario = scenario
        self.sabotage = sabotage
        self.trace = trace
        judge = LoginJudge(scenario)
        random = SeededGenerator(seed: scenario.seed).derived(-8)
        modules = Array(repeating: Module(), count: scenario.logins.count)
        judge.run = self
    }

    var now: Instant { Instant(nanoseconds: time) }

    func say(_ text: @autoclosure () -> String) { trace?(Trace.plain("\(Host.shown(time)) \(text())")) }

    /// Runs it to its end; nil when every promise was kept.
    func run() -> Violation? {
        begin()
        var count = 0
        while judge.violation == nil, let (due, event) = events.next(until: .max) {
            time = max(time, due)
            count += 1
            if count > Self.mostEvents { judge.fault(.comesToRest, "\(count) events") }
            happen(event)
        }
        if judge.violation == nil { judge.settled() }
        if let violation = judge.violation { say("VIOLATION \(violation)") }
        return judge.violation
    }

    private func begin() {
        startDaemon()
        for (number, login) in scenario.logins.enumerated() {
            events.add(.opens(number), at: Self.start + login.opens)
            for (child, script) in login.children.enumerated() {
                events.add(.born(login: number, child: child), at: Self.start + login.opens + script.starts)
            }
            if let closes = login.closes { events.add(.closes(number), at: Self.start + login.opens + closes) }
        }
        for (number, lease) in scenario.leases.enumerated() {
            events.add(.leaseAsked(number), at: Self.start + lease.at)
            if let released = lease.released {
                events.add(.leaseReleased(number), at: Self.start + lease.at + released)
            }
        }
        for (number, incident) in scenario.incidents.enumerated() {
            events.add(.incident(number), at: Self.start + incident.at)
        }
    }

    private func happen(_ event: LoginEvent) {
        switch event {
        case .opens(let login): opens(login)
        case .closes(let login): closes(login)
        case .noteIsLeft(let login): leaveNote(login)
        case .born(let login, let child): born(login, child)
        case .dies(let task): dies(task)
        case .strangerBorn:
            _ = host.bear(nil, LoginScenario.Child(starts: 0), isLeader: false, place: "", audit: 0, at: time)
        case .leaseAsked(let number): askForLease(number)
        case .leaseReleased(let number): releaseLease(number)
        case .incident(let number): incident(scenario.incidents[number].kind)
        case .daemonStarts: startDaemon()
        case .news(let number, let news):
            if daemon?.number == number { asking { daemon throws(DaemonKilled) in try daemon.take(news) } }
        case .ender(let serial, let event): enders[serial].take(event)
        }
    }

    /// Has the daemon do something.
    /// - Returns: whether it has done it to the end.
    @discardableResult
    func asking(_ work: (SimulatedDaemon) throws(DaemonKilled) -> Void) -> Bool {
        guard let daemon else { return false }
        do throws(DaemonKilled) {
            try work(daemon)
            return true
        } catch {
            return false
        }
    }

    private func startDaemon() {
        let daemon = SimulatedDaemon(self, daemons)
        say("daemon \(daemons) starts")
        daemons += 1
        self.daemon = daemon
        asking { daemon throws(DaemonKilled) in try daemon.recover() }
    }

    func killDaemon(_ crash: LoginScenario.Crash) {
        guard let daemon else { return }
        say("daemon \(daemon.number) is killed\(crash.killsEnders ? ", and those that end sessions" : "")")
        self.daemon = nil
        if crash.killsEnders { for ender in enders where ender.life != .gone { kill(ender) } }
        events.add(.daemonStarts, at: time + crash.away)
    }

    // MARK: Those that end sessions

    func plan(_ session: TrackedSession, _ order: EnderOrder) -> EndingPlan {
        var plan = EndingPlan(
            mode: scenario.policy.mode, ladder: scenario.policy.ladder, unkillable: scenario.policy.unkillable,
            hasCgroup: true)
        plan.leaderLeaves = order.leaderLeaves
        plan.leaderStaysInside = session.cgroup?.isOwn == false
        plan.looksBeforeKill = true
        guard session.lease == nil else { return plan }
        var rules = [Rule(name: "keep", executable: LoginHost.kept, action: .keep)]
        rules[0].lasting = scenario.policy.keeps
        if scenario.policy.isExcluded, !order.isAsked { rules.insert(.keepAll("excluded"), at: 0) }
        plan.rules = rules.after(order.elapsed)
        if !order.isRepeated || sabotage == .forgetsFirstEnding { plan.hooks = scenario.policy.hooks }
        return order.isTakenOver ? plan.takenOver : plan
    }

    func fork(_ session: TrackedSession, _ order: EnderOrder, by daemon: Int) -> Int {
        let ender = SimulatedEnder(self, enders.count, session, order, by: daemon)
        enders.append(ender)
        say("\(ender) is forked")
        let slow = scenario.faults.slowStart
        events.add(.ender(ender.serial, .begins), at: time + (slow > 0 ? random.span(100_000, slow) : 100_000))
        return ender.serial
    }

    func tell(_ serial: Int, _ news: EnderNews) {
        if random.chance(scenario.faults.lostMessages) { return say("\(news) to ender \(serial) is lost") }
        let times = random.chance(scenario.faults.repeatedMessages) ? 2 : 1
        for _ in 0..<times { events.add(.ender(serial, .told(news)), at: time + scenario.faults.delay) }
    }

    func tellVacant(_ ender: SimulatedEnder) {
        guard let daemon, daemon.number == ender.daemon else { return }
        daemon.expect(.vacant(ender.tracked.id))
    }

    func kill(_ ender: SimulatedEnder) {
        say("\(ender) is killed")
        judge.killed(ender)
        enderGoes(ender)
    }

    func enderGoes(_ ender: SimulatedEnder) {
        ender.life = .gone
        if files.endings[ender.tracked.id]?.holder == ender.serial { files.endings[ender.tracked.id]?.holder = nil }
        daemon?.expect(.enderExited(ender.tracked.id, ender.serial))
    }
}
