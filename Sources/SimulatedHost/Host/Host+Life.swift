// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Host {
    private func script(of serial: Int) -> ProcessScript { scenario.scripts[processes[serial].script] }

    func isFrozen(_ serial: Int) -> Bool { frozen.contains(processes[serial].place) }

    func sleeps(_ serial: Int) -> Bool { processes[serial].sleepsUntil > now }

    /// Whether it can do anything at the moment.
    private func runs(_ serial: Int) -> Bool {
        let process = processes[serial]
        return process.life == .running && !process.isDying && !process.isStopped && !isFrozen(serial)
            && !sleeps(serial)
    }

    /// Plans its next step.
    func schedule(_ serial: Int) {
        guard processes[serial].origin == .payload || processes[serial].origin == .bystander else { return }
        let steps = script(of: serial).steps
        if processes[serial].nextStep >= steps.count, script(of: serial).repeats { processes[serial].nextStep = 0 }
        guard processes[serial].nextStep < steps.count else { return }
        let delay = steps[processes[serial].nextStep].delay
        // Up to half as long again, so that two of a kind do not march in step.
        let jitter = delay > 1 ? Int64(processes[serial].random.below(Int(delay / 2) + 1)) : 0
        events.add(.step(serial), at: now + delay + jitter)
    }

    func step(_ serial: Int) {
        guard processes[serial].life == .running, !processes[serial].isDying else { return }
        guard runs(serial) else {
            processes[serial].isOverdue = true
            return
        }
        let steps = script(of: serial).steps
        let index = processes[serial].nextStep
        guard index < steps.count else { return }
        processes[serial].nextStep += 1
        perform(steps[index].deed, by: serial)
        if processes[serial].life == .running { schedule(serial) }
    }

    private func perform(_ deed: ProcessScript.Deed, by serial: Int) {
        say("\(name(serial)) \(deed)")
        switch deed {
        case .fork(let script): fork(script, from: serial)
        case .exit: end(serial, ofKill: false)
        case .fallVictim: end(serial, ofKill: true)
        case .execute(let program): processes[serial].program = program
        case .leaveGroup: leaveGroup(serial)
        case .becomeUser(let uid): if processes[serial].uid == 0 { processes[serial].uid = uid }
        case .move(let place): move(serial, to: place)
        case .freeze(let place): frozen.insert(place)
        case .stop: processes[serial].isStopped = true
        case .sleepUninterruptibly(let time):
            processes[serial].sleepsUntil = now + time
            events.add(.wake(serial), at: now + time)
        case .wear(let mark): processes[serial].mark = mark
        }
    }

    func fork(_ script: Int, from serial: Int) {
        guard !scenario.scripts[script].isLeftOut else { return }
        let parent = processes[serial]
        let random = SeededGenerator(seed: processes[serial].random.next())
        let child = birth(script: script, origin: parent.origin, parent: serial, random: random) { child in
            child.group = parent.group
            child.kernelSession = parent.kernelSession
            child.uid = parent.uid
            child.place = parent.place
            child.program = parent.program
            child.mark = parent.mark
            child.audit = parent.audit
            child.isProtected = parent.isProtected
        }
        guard let child else { return say("\(name(serial)) cannot fork") }
        if processes[child].random.chance(scenario.faults.deniedProcesses) { processes[child].isProtected = true }
        say("\(name(serial)) has forked \(name(child))")
    }

    private func leaveGroup(_ serial: Int) {
        use(processes[serial], -1)
        processes[serial].group = processes[serial].identity.pid
        processes[serial].kernelSession = processes[serial].identity.pid
        use(processes[serial], 1)
    }

    private func move(_ serial: Int, to place: CgroupPlace) {
        // Down into a group of one's own is free; out of the session only root can go.
        guard processes[serial].uid == 0 || place == .below else { return }
        population[processes[serial].place.rawValue] -= 1
        processes[serial].place = place
        population[place.rawValue] += 1
        noteEmpty()
    }

    /// Ends a process that has decided to go, or that KILL has reached, as soon as it can.
    func leave(_ serial: Int, ofKill: Bool) {
        if ofKill || runs(serial) { end(serial, ofKill: ofKill) } else { processes[serial].isLeaving = true }
    }

    /// A running process becomes a zombie, and its children somebody else's.
    func end(_ serial: Int, ofKill: Bool) {
        guard processes[serial].life == .running else { return }
        processes[serial].life = .zombie
        processes[serial].diedOfKill = ofKill
        population[processes[serial].place.rawValue] -= 1
        say("\(name(serial)) has ended\(ofKill ? " by KILL" : "")")
        let heir = reaper(above: serial)
        for child in present where processes[child].parent == serial {
            processes[child].parent = heir
            if processes[child].life == .zombie { collect(child) }
        }
        collect(serial)
        noteEmpty()
        if scenario.faults.tellsForeignExits, processes[serial].parent != keeper, processes[serial].origin == .payload {
            notices.add(.exited(serial), at: now + scenario.faults.exitDelay)
        }
    }

    /// The nearest ancestor that takes orphans in.
    private func reaper(above serial: Int) -> Int {
        var current = processes[serial].parent
        while current != 0 {
            let process = processes[current]
            if process.origin == .exeunt && process.life == .running { return current }
            current = process.parent
        }
        return 0
    }

    /// What the parent of a new zombie does with it.
    private func collect(_ serial: Int) {
        let parent = processes[serial].parent
        if parent == keeper && processes[serial].origin != .exeunt {
            return notices.add(.children, at: now + scenario.faults.exitDelay)
        }
        let waits = processes[parent].origin == .machine || processes[parent].origin == .exeunt
        if waits || processes[parent].life != .running || !script(of: parent).holdsZombies { release(serial) }
    }

    private func noteEmpty() {
        let empty = CgroupPlace.allCases.allSatisfy { !$0.isInSession || population[$0.rawValue] == 0 }
        if empty || random.chance(scenario.faults.falseAlarms) {
            notices.add(.emptied, at: now + (empty ? scenario.faults.emptiedDelay : 0))
        }
    }
}
