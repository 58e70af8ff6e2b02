// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

extension Daemon {
    /// Opens a session that is led by whoever asks, unless it is inside one already.
    ///
    /// What the kernel can tell of the caller is asked from the kernel: process, cgroup, audit session.
    ///
    /// - Parameter call: has a uid.
    func open(_ call: OpenCall, by process: WatchedProcess) throws -> OpenCall.Reply {
        let pid = process.handle.pid
        guard let stat = try table.stat(pid) else { throw CallError.failed(why: "the caller is gone") }
        let leader = ProcessIdentity(pid: pid, startTime: stat.startTime)
        if let known = registry.session(ledBy: leader) { return OpenCall.Reply(session: known.id, nested: true) }
        guard let owner = call.uid else { throw CallError.invalidParameter("uid") }
        let audit = try AuditedLogin(table).session(begunBy: stat, for: owner)
        let shown = try cgroups.shownPath(of: pid)
        if let around = try surrounding(stat, shown, audit) {
            return OpenCall.Reply(session: around.lease?.session ?? around.id, nested: true)
        }
        let id = call.session.flatMap { SessionID.isValid($0) && registry[$0] == nil ? $0 : nil } ?? SessionID.make()
        let session = TrackedSession(
            id: id, owner: owner, facts: LoginFacts(call), leader: leader,
            cgroup: cgroups.given(to: pid, shown: shown) ?? leaf(of: id), auditSession: audit, opened: CivilClock.now())
        begin(session, process)
        // Its module leaves a note then, which stays until the ledger has it.
        if unstored.contains(id) { throw CallError.busy(why: "session \(id) could not be written down") }
        // A request that was late: the leader has gone on without an answer.
        if try pending.contains(id) || table.children(of: pid, threads: stat.threads)?.isEmpty == false {
            try moveLateArrivals(of: [session])
        }
        return OpenCall.Reply(session: id, nested: false)
    }

    /// Enters a session whose leader is at hand.
    func begin(_ session: TrackedSession, _ process: WatchedProcess) {
        ledger.remember(process.handle.fileHandle(), of: session.id)
        leaders[session.id] = process
        feed(.opened(session))
        // Not now: whoever logs in waits.
        noting(session.id) {
            try loop.schedule(at: .now()) { [self] in
                count { $0.noteOpened() }
                log.opened(session)
            }
        }
    }

    /// The session or lease that a process in this cgroup belongs to.
    func enclosing(_ shown: String) -> TrackedSession? {
        switch cgroups.place(shown: shown) {
        case .session(let id): registry[id]
        case .lease(let id): registry[id]
        case .other:
            // Few hosts have thousands of scopes, and none of them looks here for each log-in: the leader is in its own.
            cgroups.adopted(shown: shown).flatMap { scope in
                registry.sessions.values.first { $0.cgroup == scope && $0.state == .active }
            }
        }
    }

    /// The session or lease that a process belongs to which asks for a session of its own: by its cgroup, by its audit
    /// session, or where neither says anything, by its ancestors. Whoever has begun an audit session of its own for the
    /// log-in (pam_loginuid) has come from outside, wherever it was started.
    func surrounding(_ stat: ProcessStat, _ shown: String, _ own: UInt32?) throws(SystemError) -> TrackedSession? {
        if own != nil { return nil }
        if let around = enclosing(shown) { return around }
        if let audit = try table.auditSession(stat.pid) { return registry.session(auditedAs: audit) }
        var process = stat
        while process.parent > 1, let parent = try table.stat(process.parent) {
            let identity = ProcessIdentity(pid: parent.pid, startTime: parent.startTime)
            if let around = registry.session(ledBy: identity) { return around }
            process = parent
        }
        return nil
    }

    /// A session that can have no cgroup is tracked by what else there is.
    private func leaf(of id: String) -> LoginCgroup? {
        guard let leaf = cgroups.leaf(of: id) else { return nil }
        do throws(SystemError) {
            try cgroups.make(leaf)
            return leaf
        } catch {
            log.failed(id, error)
            return nil
        }
    }

    /// Makes a session's cgroup, and moves its leader there.
    func admit(_ session: TrackedSession) throws {
        guard let leaf = session.cgroup, leaf.isOwn, let leader = leaders[session.id] else { return }
        try cgroups.make(leaf)
        if try !cgroups.isInside(leader.handle.pid, leaf) { try cgroups.move(leader.handle, into: leaf) }
    }

    /// Closes the session that the caller leads, or that it names.
    ///
    /// - Returns: the session, or nil where there is nothing to close.
    func close(_ id: String?, by process: WatchedProcess, waiting patience: Duration) throws -> TrackedSession? {
        let pid = process.handle.pid
        let caller = ProcessIdentity(pid: pid, startTime: try table.stat(pid)?.startTime ?? 0)
        // One whose opening was not heard.
        if let id, registry[id] == nil, SessionID.isValid(id), try pending.contains(id) { adoptNotes() }
        if let id, registry[id] == nil, try pending.contains(id) {
            throw CallError.busy(why: "session \(id) is noted, and could not be opened")
        }
        // Whoever names a session that is not known does not mean the one around.
        let meant = id == nil ? registry.session(ledBy: caller) : id.flatMap { registry[$0] }
        guard let session = meant, session.lease == nil else { return nil }
        let isLeader = session.leader == caller
        // The caller is inside what is about to be killed. A leader is moved by whoever will end its session, if it has
        // not left by then: here everybody would wait for it.
        if !isLeader || session.state != .active { try vacate(session, process) }
        feed(.closed(session.id, leaderLeaves: isLeader ? patience + Self.leaderPatience : Self.leaderPatience))
        return session
    }

    /// Moves a process out of a session's cgroup, where that is Exeunt's.
    private func vacate(_ session: TrackedSession, _ process: WatchedProcess) throws {
        if let leaf = session.cgroup, leaf.isOwn, try cgroups.isInside(process.handle.pid, leaf) {
            try cgroups.moveOut(process.handle)
        }
    }

    /// How long a leader that has closed its session may take to exit before it counts as left over.
    static let leaderPatience = EnderOrder.leaderPatience
}

extension LoginFacts {
    /// What PAM told, and what follows from it where it did not: as pam_systemd(8) has it.
    init(_ call: OpenCall) {
        let tty = call.tty.flatMap { $0.isEmpty ? nil : $0 }
        let isDisplay = tty?.contains(":") ?? false
        let display = call.display.flatMap { $0.isEmpty ? nil : $0 } ?? (isDisplay ? tty : nil)
        self.init(
            user: call.user, sessionClass: .user, type: .unspecified, service: call.service, tty: tty,
            display: display, remoteHost: call.remoteHost.flatMap { $0.isEmpty ? nil : $0 },
            remoteUser: call.remoteUser.flatMap { $0.isEmpty ? nil : $0 })
        sessionClass = call.class.flatMap(Self.sessionClass) ?? Self.usualClass(of: call.service)
        if let named = call.type.flatMap(SessionType.init(rawValue:)) {
            type = named
        } else if display != nil {
            type = .x11
        } else if let tty, sessionClass != .background {
            type = tty == "ssh" || tty.contains("tty") || tty.contains("pts") ? .tty : .unspecified
        }
    }

    /// Those of systemd, which has some more: `user-early`, `background-light`, `lock-screen`.
    private static func sessionClass(_ word: String) -> SessionClass? {
        if let exact = SessionClass(rawValue: word) { return exact == .payload ? nil : exact }
        return [SessionClass.user, .background, .greeter].first { word.hasPrefix($0.rawValue + "-") }
    }

    private static func usualClass(of service: String) -> SessionClass {
        if ["cron", "crond", "atd", "at", "slurm"].contains(service) { return .background }
        return service.contains("greeter") || service == "gdm-launch-environment" ? .greeter : .user
    }
}
