// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The processes of log-ins, where they are, and what they do with signals.
final class LoginHost {
    /// A process, with whose it really is.
    struct Task {
        let serial: Int
        let identity: ProcessIdentity
        /// Its log-in; nil: somebody else's process.
        var login: Int?
        let child: LoginScenario.Child
        let isLeader: Bool
        let born: Int64
        /// The path of its cgroup; empty: none of interest.
        var place: String
        var audit: UInt32
        var isAlive = true
        var isLeaving = false
    }

    /// The file of a program that a rule keeps.
    static let kept = ExecutableIdentity(device: 1, inode: 7)
    static let leafPrefix = "/exeunt/"
    static let leasePrefix = "/exeunt/lease-"

    private(set) var tasks: [Task] = []
    private var numbers: Set<Int32> = []

    /// Bears a process, which gets the lowest number that is free.
    func bear(_ login: Int?, _ child: LoginScenario.Child, isLeader: Bool, place: String, audit: UInt32, at now: Int64)
        -> Int
    {
        var number: Int32 = 100
        while numbers.contains(number) { number += 1 }
        numbers.insert(number)
        let identity = ProcessIdentity(pid: number, startTime: UInt64(tasks.count + 1))
        tasks.append(
            Task(
                serial: tasks.count, identity: identity, login: login, child: child, isLeader: isLeader, born: now,
                place: place, audit: audit))
        return tasks.count - 1
    }

    func end(_ serial: Int) {
        tasks[serial].isAlive = false
        numbers.remove(tasks[serial].identity.pid)
    }

    func move(_ serial: Int, to place: String) { tasks[serial].place = place }
    func begin(_ audit: UInt32, _ login: Int, by serial: Int) {
        tasks[serial].audit = audit
        tasks[serial].login = login
    }
    func leaves(_ serial: Int) { tasks[serial].isLeaving = true }

    /// The living process of this identity.
    func living(_ identity: ProcessIdentity) -> Task? {
        tasks.first { $0.isAlive && $0.identity == identity }
    }

    /// Whoever has the number.
    func holder(of pid: Int32) -> Task? { tasks.first { $0.isAlive && $0.identity.pid == pid } }

    func isEmpty(_ place: String) -> Bool { !tasks.contains { $0.isAlive && $0.place == place } }

    /// When signals reach it again.
    func wakes(_ task: Task) -> Int64 { task.born + task.child.sleeps }

    /// Who counts as a member of a session, or of a lease, and why.
    func members(of session: TrackedSession, countingLeases: Bool = false) -> [(task: Task, evidence: Evidence)] {
        tasks.filter(\.isAlive).compactMap { task in
            if task.place == session.cgroup?.path { return (task, .cgroup) }
            guard session.lease == nil else { return nil }
            let isLease = task.place.hasPrefix(Self.leasePrefix)
            // Another session, or a lease.
            guard task.place.isEmpty || countingLeases && isLease else { return nil }
            if task.identity == session.leader { return (task, .descent) }
            return task.audit == session.auditSession ? (task, .audit) : nil
        }
    }

    /// What a look shows of a process.
    func observed(_ task: Task, _ evidence: Evidence, at now: Int64) -> ObservedProcess {
        ObservedProcess(
            identity: task.identity, parent: 1, group: task.identity.pid, owner: 1000,
            executableIdentity: task.child.spared ? Self.kept : ExecutableIdentity(device: 1, inode: 1),
            state: UInt8(ascii: wakes(task) > now ? "D" : "S"), evidence: evidence)
    }
}
