// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

extension Daemon {
    /// Carries one action out.
    func perform(_ action: RegistryAction) {
        switch action {
        case .store(let id): store(id)
        case .forget(let id): forget(id)
        case .admit(let id): if let session = registry[id] { noting(id) { try admit(session) } }
        case .watchLeader(let id): noting(id) { try watchLeader(id) }
        case .startEnder(let id, let order): startSoon(id, order)
        case .tellEnder(let id, let news): tellEnder(id, news)
        case .watchEnder(let id): noting(id) { try watchEnder(id) }
        case .note(let id): note(id)
        case .watchEmpty(let id): noting(id) { try watchEmpty(id) }
        case .setTimer(let instant): setTimer(instant)
        }
    }

    private func store(_ id: String) {
        guard let session = registry[id] else { return }
        do {
            try ledger.store(session)
            unstored.remove(id)
            // The ending that has left somebody is noted; a file would keep the next one from beginning.
            if case .kept = session.state { try handOver(id) }
        } catch {
            log.failed(id, error)
            guard unstored.insert(id).inserted else { return }
            storeLater()
        }
    }

    /// The host was out of something: until all is in the ledger, what PAM modules have noted stays.
    private func storeLater() {
        noting(nil) {
            try loop.schedule(at: MonotonicInstant.now() + .seconds(1)) { [self] in
                for id in unstored {
                    if registry[id] == nil { unstored.remove(id) } else { store(id) }
                }
                if !unstored.isEmpty { storeLater() }
            }
        }
    }

    private func forget(_ id: String) {
        leaders[id] = nil
        transports[id] = nil
        kept[id] = nil
        unstored.remove(id)
        // A note of an opening that was carried out late would open the session again.
        noting(id) {
            try pending.remove(id)
            try pending.remove(PendingNotes.closing(of: id))
        }
        noting(id) { try ledger.forget(id) }
        // Only now: who finds a session in the ledger that is ending, and no file, would begin to end it.
        noting(id) { try handOver(id) }
        answer(waiting.removeValue(forKey: id) ?? [], .over(nil))
    }

    private func watchLeader(_ id: String) throws {
        guard let leader = registry[id]?.leader else { return }
        // Opened when the session was, or found again.
        guard let watched = leaders[id] else { return feed(.leaderExited(id)) }
        guard try table.stat(leader.pid)?.startTime == leader.startTime else {
            leaders[id] = nil
            return feed(.leaderExited(id))
        }
        try watched.watch(loop) { [self] in
            leaders[id] = nil
            feed(.leaderExited(id))
        }
        if registry[id]?.facts.remoteHost != nil { watchTransport(id) }
    }

    /// Not now: whoever logs in waits.
    private func watchTransport(_ id: String) {
        noting(id) {
            try loop.schedule(at: .now()) { [self] in
                guard let session = registry[id], session.state == .active, let leader = session.leader,
                    let process = leaders[id], process.handle.descriptor < mostDescriptors
                else { return }
                noting(id) {
                    transports[id] = try Transport(process, leader, table, loop) { [self] in feed(.transportGone(id)) }
                }
            }
        }
    }

    /// Forking takes longer than all the rest of a call: whoever has closed a session is answered first.
    private func startSoon(_ id: String, _ order: EnderOrder) {
        // The process that ends the session watches the leader itself.
        leaders[id] = nil
        transports[id] = nil
        kept[id] = nil
        starting[id] = []
        noting(id) { try loop.schedule(at: .now()) { [self] in startEnder(id, order) } }
    }

    private func tellEnder(_ id: String, _ news: EnderNews) {
        starting[id]?.append(news)
        noting(id) { try enders[id]?.tell(news) }
    }

    private func startEnder(_ id: String, _ order: EnderOrder) {
        // What is told while it waits, the registry has noted for the next start.
        let news = starting.removeValue(forKey: id) ?? []
        guard let session = registry[id] else { return }
        guard enders.count < Self.mostEnders else {
            if !queuedEnders.contains(id) { queuedEnders.append(id) }
            return
        }
        let leases = registry.leases(of: id)
        for lease in leases { log.outlives(lease) }
        let work = EnderWork(
            session: session, order: order, settings: settings, hasLeases: !leases.isEmpty, log: log, files: endings)
        do {
            enders[id] = try Ender.start(
                loop,
                { [self] link in
                    letGo()
                    return work.run(link)
                }, vacant: { [self] in vacant(id) }, exited: { [self] in enderExited(id) })
        } catch {
            log.failed(id, error)
            return enderFailed(id, hadBegun: false)
        }
        for news in news { tellEnder(id, news) }
    }

    /// More at a time would only take the processor from each other.
    private static let mostEnders = 64

    /// An ender has done nothing, or not all: another one is started, at once after the first failure and later each time.
    /// A host that is out of something may have some again a moment later; until then nothing is lost.
    private func enderFailed(_ id: String, hadBegun: Bool) {
        let failures = enderFailures[id] ?? 0
        enderFailures[id] = failures + 1
        let pause = failures == 0 ? Duration.zero : min(.seconds(30), .milliseconds(100) * (1 << min(failures, 10)))
        noting(id) {
            try loop.schedule(at: MonotonicInstant.now() + pause) { [self] in
                feed(.enderExited(id, .killed(hadBegun: hadBegun)))
            }
        }
    }

    private func startQueuedEnder() {
        guard !queuedEnders.isEmpty, enders.count < Self.mostEnders else { return }
        // By way of the registry, which knows what has been asked for meanwhile.
        feed(.enderExited(queuedEnders.removeFirst(), .killed(hadBegun: false)))
    }

    private func watchEnder(_ id: String) throws {
        guard case .running(let pid) = try endings.state(of: id), let handle = try ProcessHandle.open(pid: pid),
            // Whoever has the number now need not be the one that had the lock.
            case .running(pid) = try endings.state(of: id)
        else { return enderExited(id) }
        enders[id] = try Ender.adopt(loop, handle) { [self] in enderExited(id) }
    }

    private func enderExited(_ id: String) {
        enders[id] = nil
        do {
            switch try endings.state(of: id) {
            case .done(let summary, _):
                enderFailures[id] = nil
                feed(.enderExited(id, summary.exit))
            case .none: enderFailed(id, hadBegun: false)
            case .killed: enderFailed(id, hadBegun: true)
            case .running: try watchEnder(id)
            }
        } catch {
            log.failed(id, error)
            enderFailed(id, hadBegun: true)
        }
        startQueuedEnder()
    }

    private func note(_ id: String) {
        noting(id) {
            guard case .done(let summary, let record) = try endings.state(of: id) else { return }
            count { $0.note(summary) }
            answer(waiting.removeValue(forKey: id) ?? [], .over(EndWaiter.Receipt(summary, record)))
        }
    }

    /// Nobody is left but the leader: whoever closes the session need not wait any longer.
    private func vacant(_ id: String) {
        let all = waiting[id] ?? []
        waiting[id] = all.filter { !$0.needsOnlyVacancy }
        answer(all.filter(\.needsOnlyVacancy), .vacant)
    }

    private func answer(_ waiters: [EndWaiter], _ news: EndWaiter.News) {
        for waiter in waiters { waiter.tell(news) }
    }

    private func watchEmpty(_ id: String) throws {
        guard let place = registry[id]?.cgroup, let cgroup = try place.open() else {
            // Without a cgroup nobody can say who is left; what has a deadline is looked for again then.
            if case .kept(until: nil)? = registry[id]?.state { feed(.emptied(id)) }
            return
        }
        kept[id] = try WatchedCgroup(cgroup, loop) { [self] in
            noting(id) { if place.isOwn { _ = try cgroup.remove() } }
            kept[id] = nil
            feed(.emptied(id))
        }
    }
}
