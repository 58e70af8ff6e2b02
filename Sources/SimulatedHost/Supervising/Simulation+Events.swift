// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Simulation {
    /// What the kernel says to the supervisor.
    func take(_ notice: Host.Notice) {
        switch notice {
        case .children: reap()
        case .canLookAgain:
            isRecovering = false
            wantsLook = true
        case .emptied:
            reap()
            judge.notesEmptiness()
            feed(.ending(.emptied))
        case .exited(let serial):
            reap()
            guard host.processes[serial].shown > 0, host.processes[serial].life != .running else { return }
            feed(.ending(.exited(host.observed(serial, .descent), killed: false)))
        }
    }

    /// The timer.
    func fire() {
        dropTimer()
        feed(.ending(.timer))
    }

    /// What comes from outside.
    func happen() {
        let kind = scenario.incidents[incident].kind
        incident += 1
        switch kind {
        case .request(let signal):
            judge.notesReason()
            judge.notesRequest(session)
            feed(.requested(signal))
        case .pass(let signal): feed(.passed(signal))
        case .timeLimit:
            judge.notesReason()
            feed(.timeLimit)
        case .frontKilled:
            guard host.front != host.keeper else { return }
            host.end(host.front, ofKill: true)
            judge.notesReason()
            feed(.supervisorExited)
        }
    }
}
