// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// Scopes that systemd has made for leases, and that no lease has: systemd has answered when nobody waited any more, or the
/// daemon was killed between systemd's answer and its own.
///
/// Whoever is in one is a member of no session, has been promised nothing, and would live on unseen. It is entered as a lease
/// that has been given back: it ends with the session that it has come from, which is what it was told, or else now.
final class StrayLeases {
    /// The daemon holds this.
    private unowned let daemon: Daemon
    private let arrivals: DirectoryWatch
    private var timer: TimerID?
    /// Looks that may follow, before another scope comes, while some of them are still empty.
    private var looksLeft = StrayLeases.mostLooks
    /// Those that have been complained of.
    private var misnamed: Set<String> = []

    /// systemd makes the scope first and moves the process then.
    private static let delay = Duration.seconds(2)
    private static let mostLooks = 15

    /// Watches; nil where systemd makes no scopes.
    init?(_ daemon: Daemon) throws(SystemError) {
        guard let place = daemon.cgroups.placeOfLeaseScopes else { return nil }
        self.daemon = daemon
        arrivals = try DirectoryWatch(place, for: .made)
        try daemon.loop.watch(arrivals.descriptor, for: .read) { [unowned self] _ in
            daemon.noting(nil) { try self.arrivals.clear() }
            lookSoon()
        }
    }

    /// Looks when systemd has had time for what it may just have begun.
    func lookSoon() {
        looksLeft = Self.mostLooks
        schedule()
    }

    private func schedule() {
        guard timer == nil else { return }
        daemon.noting(nil) {
            timer = try daemon.loop.schedule(at: MonotonicInstant.now() + Self.delay) { [unowned self] in
                timer = nil
                look()
            }
        }
    }

    /// Enters those that there are.
    func look() {
        daemon.noting(nil) {
            var isUnsettled = false
            for (id, scope) in try daemon.cgroups.leaseScopes()
            where daemon.registry[id] == nil && daemon.asking[id] == nil {
                guard SessionID.isValid(id) else {
                    complain(of: id, scope)
                    continue
                }
                guard let cgroup = try scope.open(), try cgroup.isPopulated() else {
                    isUnsettled = true
                    continue
                }
                var pids: [Int32] = []
                try cgroup.processes(into: &pids)
                try enter(id, scope, pids)
            }
            looksLeft -= 1
            if isUnsettled, looksLeft > 0 { schedule() }
        }
    }

    private func enter(_ id: String, _ scope: LoginCgroup, _ pids: [Int32]) throws(SystemError) {
        let table = daemon.table
        var session: TrackedSession?
        var owner: UInt32?
        for pid in pids where session == nil {
            session = try table.auditSession(pid).flatMap(daemon.registry.session(auditedAs:))
            if let session {
                owner = session.owner
            } else if owner == nil {
                let logged = try table.loginUID(pid)
                owner = logged ?? table.effectiveUID(pid)
            }
        }
        let program = pids.lazy.compactMap { table.executablePath($0) }.first
        var lease = Lease(
            session: session?.id, command: program.map { [Escaping.shown($0)] } ?? [], reason: nil,
            expires: .now() + daemon.settings.keep.longest)
        lease.isReleased = true
        // Nobody is known to own what nobody can be seen in.
        let uid = owner ?? 0
        let facts = session?.facts ?? LoginFacts(user: "\(uid)", service: "exeuntd")
        let fate = session.map { "ends with session \($0.id)" } ?? "is ended"
        daemon.log.said(.warning, "\(scope.path) holds somebody and is no lease's: it \(fate)")
        daemon.feed(
            .opened(
                TrackedSession(
                    id: id, owner: uid, facts: facts, leader: nil, cgroup: scope, auditSession: nil,
                    opened: CivilClock.now(), lease: lease)))
        if session == nil { daemon.feed(.requested(id, isForced: false)) }
    }

    /// Only root can have made it, by hand; its name is none that a file of the ledger could have.
    private func complain(of id: String, _ scope: LoginCgroup) {
        guard misnamed.insert(id).inserted else { return }
        let path = Escaping.shown(scope.path.utf8)
        daemon.log.said(.warning, "\(path) is called like a lease's scope and cannot be one: it is left alone")
    }
}
