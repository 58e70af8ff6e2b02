// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A leader that has closed its session and is about to leave, as PAM's caller does: the modules after ours still run in
/// it, and may start helpers, such as what unmounts a home. These carry all that makes a process a member, and are none
/// while it is leaving.
struct LeavingLeader {
    private let leader: ProcessIdentity
    private let since: UInt64
    private let until: Instant
    private let program: FileIdentity?

    /// - Parameters:
    ///   - since: when it closed the session.
    ///   - until: when it counts as left over, and what it has started as well.
    ///   - program: what it runs, where that could be read.
    init(_ leader: ProcessIdentity, since: Instant, until: Instant, program: FileIdentity?) {
        self.program = program
        self.leader = leader
        self.until = until
        self.since = BootTicks.at(MonotonicInstant(nanoseconds: UInt64(max(0, since.nanoseconds))))
    }

    /// Whether this process is a part of the leader, as the user's own one of sshd is, which asks for the log-out and exits:
    /// a child that runs the same program.
    func isPart(_ process: ProcessStat, _ table: ProcessTable) -> Bool {
        guard process.parent == leader.pid, let program, .now() < until else { return false }
        return table.executableIdentity(process.pid) == program
    }

    /// Whether this process has been started by the leader after it closed the session, or by a process that has.
    func hasStarted(_ process: ProcessStat, _ table: ProcessTable) throws(SystemError) -> Bool {
        guard process.startTime >= since, .now() < until else { return false }
        var current = process
        while current.startTime >= since, current.parent > 1, let parent = try table.stat(current.parent) {
            if parent.pid == leader.pid { return parent.startTime == leader.startTime && !parent.isDead }
            current = parent
        }
        return false
    }
}
