// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// What the daemon answers on its socket.
extension Daemon: SessionService {
    /// As `SessionService` has it.
    public func owner(ofSession id: String) -> UInt32? {
        registry[id].flatMap { $0.lease == nil ? $0.owner : nil }
    }

    /// As `SessionService` has it.
    public func owner(ofLease id: String) -> UInt32? { registry[id].flatMap { $0.lease == nil ? nil : $0.owner } }

    /// As `SessionService` has it.
    public func open(_ call: OpenCall, from peer: Peer, _ reply: Reply<OpenCall.Reply>) {
        do {
            let process = try Self.process(of: peer)
            guard call.uid == nil else { return self.reply(to: reply) { try open(call, by: process) } }
            // The module sends it, unless nobody has told it either.
            try lookUp(call.user) { [self] answer in
                var call = call
                switch answer {
                case .found(let uid): call.uid = uid
                case .nobody:
                    return fail(reply, CallError.failed(why: "there is no user \(Escaping.shown(call.user.utf8))"))
                case .unknown:
                    let why = "user \(Escaping.shown(call.user.utf8)) could not be looked up"
                    return fail(reply, CallError.failed(why: why))
                }
                self.reply(to: reply) { try open(call, by: process) }
            }
        } catch {
            fail(reply, error)
        }
    }

    /// As `SessionService` has it.
    public func close(_ call: CloseCall, from peer: Peer, _ reply: Reply<CloseCall.Reply>) {
        let patience = Duration.seconds(max(0, min(call.wait ?? 0, Self.longestWait)))
        do {
            guard let session = try close(call.session, by: try Self.process(of: peer), waiting: patience) else {
                return reply.send(CloseCall.Reply(session: nil, empty: true))
            }
            guard call.wait != nil, registry[session.id] != nil else {
                return reply.send(CloseCall.Reply(session: session.id, empty: registry[session.id] == nil))
            }
            let waiter = wait(for: session.id, vacancy: true, atMost: patience) { news in
                switch news {
                case nil: reply.send(CloseCall.Reply(session: session.id, empty: false))
                case .vacant: reply.send(CloseCall.Reply(session: session.id, empty: true))
                case .over(let receipt):
                    let isEmpty = receipt.map { $0.verdict != "survivors" && $0.verdict != "kept" } ?? true
                    reply.send(CloseCall.Reply(session: session.id, empty: isEmpty, verdict: receipt?.verdict))
                }
            }
            reply.whenHungUp { [self] in forget(waiter, of: session.id) }
        } catch {
            fail(reply, error)
        }
    }

    /// As `SessionService` has it.
    public func list(_ call: ListCall, _ visibility: Visibility, _ reply: Reply<ListCall.Reply>) {
        let seen = registry.sessions.values.filter { $0.lease == nil && visibility.covers(owner: $0.owner) }
        let sorted = seen.sorted { ($0.opened, $0.id) < ($1.opened, $1.id) }
        reply.send(ListCall.Reply(sessions: sorted.map(describe)))
    }

    /// As `SessionService` has it.
    public func end(_ call: EndCall, from peer: Peer, _ reply: Reply<EndCall.Reply>) {
        let isWaiting = call.wait ?? false
        if isWaiting {
            let waiter = wait(for: call.session, vacancy: false, atMost: nil) { news in
                guard case .over(let receipt?) = news else { return reply.send(EndCall.Reply()) }
                reply.send(EndCall.Reply(verdict: receipt.verdict, record: RawJSON(receipt.record)))
            }
            reply.whenHungUp { [self] in forget(waiter, of: call.session) }
        }
        // Once for each session: whoever repeats it must not fill the log.
        if registry[call.session]?.isEnding == false {
            log.said(.information, "end asked for: session=\(call.session) by=\(peer.uid) force=\(call.force ?? false)")
        }
        feed(.requested(call.session, isForced: call.force ?? false))
        if !isWaiting { reply.send(EndCall.Reply()) }
    }

    /// As `SessionService` has it.
    public func leases(_ call: LeasesCall, _ visibility: Visibility, _ reply: Reply<LeasesCall.Reply>) {
        let seen = registry.sessions.values.filter { $0.lease != nil && visibility.covers(owner: $0.owner) }
        let sorted = seen.sorted { ($0.opened, $0.id) < ($1.opened, $1.id) }
        reply.send(LeasesCall.Reply(leases: sorted.compactMap(describeLease)))
    }

    /// As `SessionService` has it.
    public func release(_ call: ReleaseCall, from peer: Peer, _ reply: Reply<ReleaseCall.Reply>) {
        guard let lease = registry[call.lease] else { return reply.fail(.noSuchLease(call.lease)) }
        if lease.lease?.isReleased == false { log.released(lease) }
        if call.force ?? false {
            feed(.requested(call.lease, isForced: true))
        } else {
            feed(.released(call.lease))
        }
        reply.send(ReleaseCall.Reply(lease: call.lease))
    }

    private static let longestWait = 86400.0

    /// Calls the handler once: with what has come, or with nil when the time is over.
    private func wait(
        for id: String, vacancy: Bool, atMost patience: Duration?, _ handler: @escaping (EndWaiter.News?) -> Void
    ) -> EndWaiter {
        var isTold = false
        let tell: (EndWaiter.News?) -> Void = { news in
            if isTold { return }
            isTold = true
            handler(news)
        }
        let waiter = EndWaiter(needsOnlyVacancy: vacancy, tell: tell)
        waiting[id, default: []].append(waiter)
        if let patience { noting(id) { try loop.schedule(at: MonotonicInstant.now() + patience) { tell(nil) } } }
        return waiter
    }

    /// Whoever has hung up waits for nothing any more.
    private func forget(_ waiter: EndWaiter, of id: String) {
        waiting[id]?.removeAll { $0 === waiter }
        if waiting[id]?.isEmpty == true { waiting[id] = nil }
    }

    private func reply<Answer>(to reply: Reply<Answer>, _ work: () throws -> Answer) {
        do {
            reply.send(try work())
        } catch {
            fail(reply, error)
        }
    }

    func fail<Answer>(_ reply: Reply<Answer>, _ error: any Error) {
        reply.fail(error as? CallError ?? .failed(why: Escaping.shown("\(error)".utf8)))
    }

    static func process(of peer: Peer) throws -> WatchedProcess {
        guard let handle = try peer.processHandle(), !handle.hasExited else {
            throw CallError.failed(why: "the caller cannot be seen from here")
        }
        return WatchedProcess(handle)
    }
}
