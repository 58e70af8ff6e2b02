// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The daemon is dead: whatever it was about to do stays undone.
struct DaemonKilled: Error {}

/// The daemon around the registry, act by act as the real one: it can be killed before each of them.
final class SimulatedDaemon {
    unowned let run: LoginSimulation
    /// The first one has 0.
    let number: Int
    var registry = Registry()
    /// Whose exit is waited for.
    var leaders: [String: ProcessIdentity] = [:]
    /// Who ends sessions, and whether this daemon has forked it.
    var enders: [String: (serial: Int, isChild: Bool)] = [:]
    var kept: Set<String> = []
    var late: Set<String> = []
    var waiting: [Waiter] = []
    var timer: Int64?
    private var timers = 0
    private var acts = 0
    private var events: [RegistryEvent] = []

    /// Somebody who waits for the end of a session.
    struct Waiter {
        let serial: Int
        let session: String
        let needsOnlyVacancy: Bool
    }

    init(_ run: LoginSimulation, _ number: Int) {
        self.run = run
        self.number = number
    }

    var sabotage: LoginSabotage? { run.sabotage }

    /// Called before each act that somebody else can see.
    func act() throws(DaemonKilled) {
        acts += 1
        guard number < run.scenario.crashes.count, acts == run.scenario.crashes[number].acts else { return }
        run.killDaemon(run.scenario.crashes[number])
        throw DaemonKilled()
    }

    /// Passes an event to the registry, carries out its answer, and goes on with what that has caused.
    func feed(_ event: RegistryEvent) throws(DaemonKilled) {
        events.append(event)
        guard events.count == 1 else { return }
        while let next = events.first {
            var actions = registry.handle(next, at: run.now)
            run.say("daemon \(number): \(Trace.text(next)) → \(actions.map(Trace.text))")
            if sabotage == .storesLate { actions = Self.storingLast(actions) }
            for action in actions { try perform(action) }
            events.removeFirst()
        }
        run.judge.rests(self)
    }

    private static func storingLast(_ actions: [RegistryAction]) -> [RegistryAction] {
        func stores(_ action: RegistryAction) -> Bool { if case .store = action { true } else { false } }
        return actions.filter { !stores($0) } + actions.filter(stores)
    }

    /// Something has come.
    func take(_ news: LoginEvent.DaemonNews) throws(DaemonKilled) {
        switch news {
        case .leaderExited(let id):
            guard let leader = leaders[id], run.host.living(leader) == nil else { return }
            leaders[id] = nil
            try feed(.leaderExited(id))
        case .emptied(let id):
            guard kept.contains(id), let place = registry[id]?.cgroup, run.host.isEmpty(place.path) else { return }
            kept.remove(id)
            try feed(.emptied(id))
        case .enderExited(let id, let serial):
            guard enders[id]?.serial == serial else { return }
            try enderExited(id)
        case .vacant(let id): answer { $0.session == id && $0.needsOnlyVacancy }
        case .timer(let number):
            guard number == timers, let set = timer else { return }
            timer = nil
            run.say("the timer of \(Host.shown(set)) fires")
            try feed(.timer)
        // Something may have been said meanwhile that the order does not hold.
        case .retry(let id): try feed(.enderExited(id, .killed(hadBegun: false)))
        case .waitIsOver(let serial): answer { $0.serial == serial }
        case .noteIsThere: try readNotes()
        }
    }

    func setTimer(_ instant: Instant?) {
        if sabotage == .setsTimerOnce, timers > 0 { return }
        timers += 1
        timer = instant?.nanoseconds
        guard let due = timer else { return }
        var fires = max(run.time, due)
        if due > run.time, run.random.chance(run.scenario.faults.earlyTimers) {
            fires = run.time + (due - run.time) / 2
        }
        run.events.add(.news(number, .timer(timers)), at: fires)
    }

    /// Brings news with the delay that they have here.
    func expect(_ news: LoginEvent.DaemonNews, after delay: Int64 = 0) {
        run.events.add(.news(number, news), at: run.time + run.scenario.faults.delay + delay)
    }

    func answer(_ which: (Waiter) -> Bool) {
        for waiter in waiting where which(waiter) { run.say("waiter \(waiter.serial) is answered") }
        waiting.removeAll(where: which)
    }
}
