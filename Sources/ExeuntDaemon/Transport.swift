// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// The connection that somebody has logged in by. Whoever holds it ends when it does, and then its session is over; but a
/// user can stop the process that holds it, and nobody would ever notice.
final class Transport {
    private let loop: EventLoop
    private let table: ProcessTable
    private let leader: ProcessIdentity
    private var connection: Descriptor?
    private var watch: WatchID?
    private var timer: TimerID?
    private var looks = 0
    private let isGone: () -> Void

    /// How often, and how many times, is looked whether somebody who holds a connection that is gone is stopped.
    private static let interval = Duration.seconds(2)
    private static let mostLooks = 30

    /// Watches the connection that the leader has; nil where it has none. `isGone` is called once, when it is gone and who
    /// holds it has been seen stopped twice; not at all if this value goes before.
    init?(
        _ process: WatchedProcess, _ leader: ProcessIdentity, _ table: ProcessTable, _ loop: EventLoop,
        isGone: @escaping () -> Void
    ) throws(SystemError) {
        guard let connection = try process.handle.connection(table) else { return nil }
        self.loop = loop
        self.table = table
        self.leader = leader
        self.isGone = isGone
        let number = connection.number
        self.connection = consume connection
        // Only its end: what is sent over it wakes nobody up here.
        watch = try loop.watch(number, for: .hangup) { [weak self] _ in self?.hungUp() }
    }

    deinit {
        if let watch { loop.cancel(watch) }
        if let timer { loop.cancel(timer) }
    }

    /// In a process that was forked from the daemon: it lives on for a while, and would keep the connection open.
    func letGo() { connection = nil }

    private func hungUp() {
        if let watch { loop.cancel(watch) }
        watch = nil
        // The other side waits for the end of this one.
        connection = nil
        lookSoon()
    }

    private func lookSoon() {
        looks += 1
        guard looks <= Self.mostLooks else { return }
        // try?: without a timer it is as if nobody had watched.
        timer = try? loop.schedule(at: MonotonicInstant.now() + Self.interval) { [weak self] in
            self?.look(wasStopped: false)
        }
    }

    private func look(wasStopped: Bool) {
        timer = nil
        guard isStopped else { return lookSoon() }
        if wasStopped { return isGone() }
        timer = try? loop.schedule(at: MonotonicInstant.now() + Self.interval) { [weak self] in  // try?: as above
            self?.look(wasStopped: true)
        }
    }

    /// Whether the leader, or a child of its, to which it has handed the connection, is stopped.
    private var isStopped: Bool {
        // try?: whoever cannot be looked at is not seen stopped.
        guard let stat = try? table.stat(leader.pid), stat.startTime == leader.startTime else { return false }
        if stat.isStopped { return true }
        let children = (try? table.children(of: leader.pid, threads: stat.threads)) ?? nil
        return (children ?? []).contains { (try? table.stat($0))??.isStopped ?? false }
    }
}
