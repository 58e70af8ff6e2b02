// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A machine without a kernel: processes, their family, their control groups, and a clock that goes from event to event.
final class Host {
    /// What happens inside it by itself.
    enum Event {
        case step(Int)
        case die(Int, ofKill: Bool)
        case wake(Int)
    }

    /// What it tells the supervisor.
    enum Notice {
        case children
        case emptied
        case exited(Int)
        case canLookAgain
    }

    /// A racer must not fill the memory; from here on nobody can fork.
    static let mostBirths = 1_500
    /// A start time is told in these units; a pid is not given away twice within one.
    static let tick: Int64 = 1_000

    let scenario: Scenario
    var now: Int64 = 1_000_000_000
    var processes: [SimulatedProcess] = []
    /// The serials of those that are not gone, in the order of birth.
    var present: [Int] = []
    var events = EventQueue<Event>()
    var notices = EventQueue<Notice>()
    var frozen: Set<CgroupPlace> = []
    /// How many run in each control group.
    var population = [Int](repeating: 0, count: CgroupPlace.allCases.count)
    var keeper = 0
    var front = 0
    var leader: Int?
    var random: SeededGenerator
    var trace: ((String) -> Void)?
    private var holders: [Int]
    private var releases: [Int64]
    private var groupUses: [Int]
    private var lastPID = 1

    init(_ scenario: Scenario, trace: ((String) -> Void)?) {
        self.scenario = scenario
        self.trace = trace
        random = SeededGenerator(seed: scenario.seed).derived(-1)
        holders = Array(repeating: -1, count: scenario.pidSpace)
        releases = Array(repeating: -1, count: scenario.pidSpace)
        groupUses = Array(repeating: 0, count: scenario.pidSpace)
    }

    func say(_ text: @autoclosure () -> String) { trace?(Trace.plain("\(Self.shown(now)) \(text())")) }

    static func shown(_ time: Int64) -> String {
        let microseconds = (time - 1_000_000_000) / 1_000
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }

    /// Lets the time pass until `time`, with everything that processes do meanwhile.
    func advance(to time: Int64) {
        while let (due, event) = events.next(until: time) {
            now = max(now, due)
            happen(event)
        }
        now = max(now, time)
    }

    private func happen(_ event: Event) {
        switch event {
        case .step(let serial): step(serial)
        case .die(let serial, let ofKill): leave(serial, ofKill: ofKill)
        case .wake(let serial): resume(serial)
        }
    }

    /// Who has this pid.
    func holder(of pid: Int32) -> Int? {
        guard pid > 0, pid < holders.count, holders[Int(pid)] >= 0 else { return nil }
        return holders[Int(pid)]
    }

    /// Enters a process; nil when there is no pid for it or too many were born.
    func birth(
        script: Int, origin: SimulatedProcess.Origin, parent: Int, random: SeededGenerator,
        _ adjust: (inout SimulatedProcess) -> Void = { _ in }
    ) -> Int? {
        guard processes.count < Self.mostBirths, let pid = freePID() else { return nil }
        let serial = processes.count
        let identity = ProcessIdentity(pid: Int32(pid), startTime: UInt64(now / Self.tick))
        var process = SimulatedProcess(
            serial: serial, identity: identity, script: script, origin: origin, born: now, parent: parent,
            group: identity.pid, kernelSession: identity.pid, uid: 0, random: random)
        adjust(&process)
        holders[pid] = serial
        processes.append(process)
        present.append(serial)
        use(process, 1)
        population[process.place.rawValue] += 1
        schedule(serial)
        return serial
    }

    /// A number stays taken as long as it names a group or a kernel session, as in the kernel.
    private func freePID() -> Int? {
        for offset in 1..<holders.count {
            let pid = (lastPID + offset - 1) % (holders.count - 1) + 1
            if holders[pid] < 0 && groupUses[pid] == 0 && releases[pid] < now / Self.tick {
                lastPID = pid
                return pid
            }
        }
        return nil
    }

    /// Counts a process in or out as a user of the numbers of its group and kernel session.
    func use(_ process: SimulatedProcess, _ difference: Int) {
        groupUses[Int(process.group)] += difference
        groupUses[Int(process.kernelSession)] += difference
    }

    /// The end of a zombie.
    func release(_ serial: Int) {
        let process = processes[serial]
        holders[Int(process.identity.pid)] = -1
        releases[Int(process.identity.pid)] = now / Self.tick
        use(process, -1)
        processes[serial].life = .gone
        if let place = present.firstIndex(of: serial) { present.remove(at: place) }
    }
}
