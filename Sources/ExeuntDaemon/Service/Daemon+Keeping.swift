// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

extension Daemon {
    /// Gives the caller a lease: from here on it, and what it starts, is no member of its session.
    public func keep(_ call: KeepCall, from peer: Peer, _ reply: Reply<KeepCall.Reply>) {
        do {
            let process = try Self.process(of: peer)
            let session = try keepableSession(of: process, peer)
            let policy = settings.keep
            let request = KeepPolicy.Request(
                user: peer.uid, program: KeptProgram(policy).named(call.command.first),
                time: call.seconds.map { .seconds($0) },
                held: held(by: peer.uid))
            let id = SessionID.make()
            asking[id] = peer.uid
            // Whoever is in which group may have to be asked from a server, and systemd for a scope.
            try send(within: .seconds(30)) { [self] in
                let answer = policy.answer(request, HostAccounts())
                if case .granted = answer, cgroups.isManaged {
                    try TransientScope.make(forLease: id, process.handle, cgroups)
                }
                return KeepAnswer.encoded(answer)
            } done: { [self] bytes in
                asking[id] = nil
                switch bytes.flatMap(KeepAnswer.decoded) {
                case .granted(let time): grant(id, time, call, session, process, reply)
                case .refused(let why): reply.fail(.keepRefused(why: why, consequence: Self.consequence))
                case nil:
                    // systemd may do what it was asked for when nobody waits any more.
                    strayLeases?.lookSoon()
                    reply.fail(.failed(why: "exeuntd could not find out whether you may"))
                }
            }
        } catch {
            fail(reply, error)
        }
    }

    private static let consequence = "the program will be ended when your session is over"

    private func held(by user: UInt32) -> Int {
        asking.values.count { $0 == user }
            + registry.sessions.values.count { $0.lease != nil && $0.owner == user && $0.state == .active }
    }

    private func keepableSession(of process: WatchedProcess, _ peer: Peer) throws -> TrackedSession {
        let shown = try cgroups.shownPath(of: process.handle.pid)
        guard let session = enclosing(shown), session.lease == nil else {
            throw CallError.keepRefused(
                why: "this is not inside a session that exeuntd keeps", consequence: "nothing of Exeunt's will end it")
        }
        guard session.state == .active else {
            throw CallError.keepRefused(why: "your session is over", consequence: "the program is being ended")
        }
        guard session.owner == peer.uid || peer.isRoot else {
            throw CallError.keepRefused(why: "the session is somebody else's", consequence: Self.consequence)
        }
        return session
    }

    /// Others may have come first, and the session may be over by now.
    private func refusal(of session: TrackedSession) -> CallError? {
        guard registry[session.id]?.state == .active else {
            return .keepRefused(why: "your session is over", consequence: "the program is being ended")
        }
        guard session.owner == 0 || held(by: session.owner) < settings.keep.perUser else {
            return .keepRefused(
                why: "PerUser= of [Keep] allows \(settings.keep.perUser) at once", consequence: Self.consequence)
        }
        return nil
    }

    private func grant(
        _ id: String, _ time: Duration, _ call: KeepCall, _ session: TrackedSession, _ process: WatchedProcess,
        _ reply: Reply<KeepCall.Reply>
    ) {
        do {
            let stat = try table.stat(process.handle.pid)
            let refusal = refusal(of: session)
            // systemd has moved it out of its session by now, and it may have started others: they are ended as a lease's.
            if !cgroups.isManaged {
                if let refusal { throw refusal }
                if stat == nil { return }
            }
            guard let place = try leasePlace(id) else {
                throw CallError.keepRefused(why: "this host has no cgroups for leases", consequence: Self.consequence)
            }
            let lease = Lease(
                session: session.id, command: call.command, reason: call.reason, expires: Instant.now() + time)
            let tracked = TrackedSession(
                id: id, owner: session.owner, facts: session.facts,
                leader: stat.map { ProcessIdentity(pid: $0.pid, startTime: $0.startTime) }, cgroup: place,
                auditSession: nil, opened: CivilClock.now(), lease: lease)
            if stat != nil { leaders[id] = process }
            feed(.opened(tracked))
            if let refusal {
                feed(.requested(id, isForced: false))
                throw refusal
            }
            guard let stat, try cgroups.isInside(stat.pid, place), let description = describeLease(tracked) else {
                feed(.requested(id, isForced: false))
                throw CallError.failed(why: "the program could not be moved into a cgroup of its own")
            }
            leaders[id] = nil
            verify(tracked)
            count { $0.noteLease() }
            log.leased(tracked, for: time)
            reply.send(KeepCall.Reply(lease: description))
        } catch {
            fail(reply, error)
        }
    }

    /// Takes a lease back that something else was kept by than is allowed.
    private func verify(_ lease: TrackedSession) {
        let program = KeptProgram(settings.keep)
        guard program.isLimited, lease.owner != 0, let leader = lease.leader else { return }
        noting(lease.id) {
            try loop.schedule(at: MonotonicInstant.now() + KeptProgram.delay) { [self] in
                noting(lease.id) {
                    guard registry[lease.id] != nil else { return }
                    if try program.isRun(by: leader, in: lease.cgroup, table) { return }
                    log.said(
                        .warning, "lease \(lease.id) is taken back: the program is none that Exe= of [Keep] allows")
                    feed(.requested(lease.id, isForced: false))
                }
            }
        }
    }

    /// A leaf of Exeunt's own, or the scope that systemd has moved the process into.
    private func leasePlace(_ id: String) throws -> LoginCgroup? {
        if cgroups.isManaged { return cgroups.scope(ofLease: id) }
        guard let leaf = cgroups.leaf(ofLease: id) else { return nil }
        try cgroups.make(leaf)
        return leaf
    }
}

/// What a process that was sent for an answer brings.
private enum KeepAnswer {
    static func encoded(_ answer: KeepPolicy.Answer) -> [UInt8] {
        switch answer {
        case .granted(let time): Array("granted \(DurationText.nanoseconds(time))".utf8)
        case .refused(let why): Array("refused \(why)".utf8)
        }
    }

    static func decoded(_ bytes: [UInt8]) -> KeepPolicy.Answer? {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        if words[0] == "refused" { return .refused(String(words[1])) }
        return Int64(words[1]).map { .granted(.nanoseconds($0)) }
    }
}
