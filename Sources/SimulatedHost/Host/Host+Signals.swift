// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Host {
    /// What a signal from Exeunt does to whoever it is sent to.
    func deliver(_ signal: SignalName, to serial: Int) {
        guard processes[serial].life == .running, !processes[serial].isDying else { return }
        switch signal {
        case .kill:
            processes[serial].isDying = true
            if !sleeps(serial) { die(serial) }
        case .stop: processes[serial].isStopped = true
        case .cont:
            processes[serial].isStopped = false
            resume(serial)
        default:
            let waits = processes[serial].isStopped || isFrozen(serial) || sleeps(serial)
            if waits { processes[serial].pending.append(signal) } else { react(serial, to: signal) }
        }
    }

    /// Lets it catch up with what it could not do while it did not run.
    func resume(_ serial: Int) {
        guard processes[serial].life == .running, !sleeps(serial) else { return }
        if processes[serial].isDying { return die(serial) }
        guard !processes[serial].isStopped, !isFrozen(serial) else { return }
        if processes[serial].isLeaving { return end(serial, ofKill: false) }
        let pending = processes[serial].pending
        processes[serial].pending = []
        for signal in pending { react(serial, to: signal) }
        if processes[serial].isOverdue {
            processes[serial].isOverdue = false
            step(serial)
        }
    }

    func thaw(_ place: CgroupPlace) {
        guard frozen.remove(place) != nil else { return }
        for serial in present where processes[serial].place == place { resume(serial) }
    }

    /// Leaving takes a moment, in which a process is still seen.
    private func die(_ serial: Int) {
        let moment = Int64(processes[serial].random.between(20_000, 900_000))
        events.add(.die(serial, ofKill: true), at: now + moment)
    }

    private func react(_ serial: Int, to signal: SignalName) {
        guard processes[serial].life == .running, !processes[serial].isDying else { return }
        let script = scenario.scripts[processes[serial].script]
        // Nobody is ended by being told that a window has another size.
        guard signal != .winch, !script.ignored.contains(signal) else { return }
        switch script.reaction {
        case .exit(let delay): events.add(.die(serial, ofKill: false), at: now + delay)
        case .fork(let children, let exits):
            for child in children { fork(child, from: serial) }
            if exits { end(serial, ofKill: false) }
        }
    }

    /// How a process is called in a trace.
    func name(_ serial: Int) -> String {
        let process = processes[serial]
        let what: String
        switch process.origin {
        case .machine: what = process.isKernelThread ? "kernel thread" : "machine"
        case .exeunt: what = serial == front ? "front" : "keeper"
        case .payload, .bystander: what = scenario.scripts[process.script].name
        }
        return "\(what)[\(process.identity.pid)#\(serial)]"
    }
}
