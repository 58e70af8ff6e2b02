// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension LoginSimulation {
    func born(_ login: Int, _ child: Int) {
        // Nobody is started before the module has returned.
        if modules[login].isOpening {
            return events.add(.born(login: login, child: child), at: time + 1_100_000_000)
        }
        let owner = judge.owner(of: login)
        guard let leader = modules[login].leader, host.tasks[leader].isAlive, !modules[login].isClosed,
            !modules[owner].isClosed, !judge.isClosedFromInside(owner),
            host.tasks[leader].login == owner
        else { return }
        let parent = host.tasks[leader]
        let script = scenario.logins[login].children[child]
        let serial = host.bear(owner, script, isLeader: false, place: parent.place, audit: parent.audit, at: time)
        modules[login].children[child] = serial
        say("log-in \(login) starts child \(child): \(name(serial))")
        if let exits = script.exits { events.add(.dies(serial), at: time + max(exits, script.sleeps)) }
    }

    func name(_ serial: Int) -> String { "\(host.tasks[serial].identity.pid)#\(serial)" }

    func move(_ serial: Int, to place: String) {
        let before = host.tasks[serial].place
        guard before != place else { return }
        say("\(name(serial)) is moved to '\(place)'")
        host.move(serial, to: place)
        tellOfEmptiness(of: before)
    }

    /// What a signal does to whoever it is sent to.
    func deliver(_ signal: SignalName, to serial: Int, from ender: SimulatedEnder) {
        judge.signals(ender, host.tasks[serial], signal)
        let task = host.tasks[serial]
        if signal == .kill {
            host.leaves(serial)
            return events.add(.dies(serial), at: max(time + random.span(20_000, 900_000), host.wakes(task)))
        }
        guard signal != .cont, signal != .stop, !task.child.stubborn, !task.isLeaving else { return }
        host.leaves(serial)
        events.add(.dies(serial), at: max(time + task.child.goes, host.wakes(task)))
    }

    func dies(_ serial: Int) {
        guard host.tasks[serial].isAlive else { return }
        say("\(name(serial)) has ended")
        host.end(serial)
        let task = host.tasks[serial]
        if random.chance(50) { events.add(.strangerBorn, at: time + random.span(1_000, 1_000_000_000)) }
        tellOfEmptiness(of: task.place)
        for ender in enders where ender.life == .running {
            if ender.seen.contains(serial) || ender.tracked.leader == task.identity {
                events.add(.ender(ender.serial, .exited(serial)), at: time + scenario.faults.delay)
            }
        }
        guard let daemon else { return }
        for (id, leader) in daemon.leaders.sorted(by: { $0.key < $1.key }) where leader == task.identity {
            daemon.expect(.leaderExited(id))
        }
    }

    private func tellOfEmptiness(of place: String) {
        guard !place.isEmpty, host.isEmpty(place) else { return }
        for ender in enders where ender.life == .running && ender.tracked.cgroup?.path == place {
            events.add(.ender(ender.serial, .emptied), at: time + scenario.faults.delay)
        }
        guard let daemon else { return }
        for id in daemon.kept.sorted() where daemon.registry[id]?.cgroup?.path == place { daemon.expect(.emptied(id)) }
    }

    // MARK: What comes from outside

    func askForLease(_ number: Int) {
        let lease = scenario.leases[number]
        guard let serial = modules[lease.login].children[lease.child], host.tasks[serial].isAlive else { return }
        let task = host.tasks[serial]
        asking { daemon throws(DaemonKilled) in
            if try daemon.keep(task, for: lease.lasts, as: "lease\(number)") { say("lease \(number) is granted") }
        }
    }

    func releaseLease(_ number: Int) {
        let id = "lease\(number)"
        guard daemon?.registry[id]?.lease != nil else { return }
        judge.mayEnd(lease: id)
        if asking({ daemon throws(DaemonKilled) in try daemon.feed(.released(id)) }) { judge.gaveBack(id) }
    }

    func incident(_ kind: LoginScenario.Incident.Kind) {
        switch kind {
        case .daemonKilled(let crash): killDaemon(crash)
        case .enderKilled(let login):
            let id = judge.session(of: login)
            if let ender = enders.last(where: { $0.tracked.id == id && $0.life != .gone }) { kill(ender) }
        case .request(let login, let isForced): request(login, isForced)
        case .transportGone(let login):
            let id = judge.session(of: login)
            guard daemon?.registry[id] != nil else { return }
            judge.mayEnd(login)
            if asking({ daemon throws(DaemonKilled) in try daemon.feed(.transportGone(id)) }) { judge.mustEnd(login) }
        }
    }

    private func request(_ login: Int, _ isForced: Bool) {
        let id = judge.session(of: login)
        guard let session = daemon?.registry[id] else { return }
        judge.mayEnd(login, isForced: isForced)
        let isDone = asking { daemon throws(DaemonKilled) in try daemon.request(id, isForced: isForced) }
        guard isDone else { return }
        judge.mustEnd(login)
        if case .ending = session.state { return }
        judge.asked(login)
    }
}
