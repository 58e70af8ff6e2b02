// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension Keeper {
    /// Takes what has arrived for this process. With a front, only SIGCHLD counts: the others reach the front as well
    /// where they were meant for the whole (a process group, a terminal), and must not be obeyed twice.
    func takeSignals() throws(SystemError) {
        var childChanged = false
        while let received = try prepared.signals.next() {
            if received.signal == .chld {
                childChanged = true
            } else if front == nil {
                act(on: received.signal, isFromKernel: received.isFromKernel)
            }
        }
        if childChanged {
            try continueHook()
            try takeStops()
            try reap()
        }
    }

    /// Acts as Exeunt promises for a signal that was sent to it.
    func act(on signal: Signal, isFromKernel: Bool) {
        switch signal {
        case .term, .int:
            // Ctrl-C while the payload has not asked for the terminal is the user talking to the payload. During the
            // ending there is nobody else to talk to.
            let isRequest = !isFromKernel || session.reason != nil
            guard let name = SignalName(signal) else { return }
            feed(isRequest ? .requested(name) : .passed(name))
        case .cont:
            noting { () throws(SystemError) in try terminal?.continued(group: leaderHandle?.pid ?? 0) }
            feed(.passed(.cont))
        case .hup, .quit, .usr1, .usr2, .winch, .tstp:
            if let name = SignalName(signal) { feed(.passed(name)) }
        default: break
        }
    }

    /// A stopped payload: job control, or somebody who wants it stopped.
    private func takeStops() throws(SystemError) {
        guard let leader = leaderHandle, leaderStatus == nil, let terminal else { return }
        guard let signal = try Children.peekStop(pid: leader.pid) else {
            // Somebody has continued the payload itself: the front, which nobody would think of, goes on with it.
            if try Children.peekContinued(pid: leader.pid), terminal.isStopped { front?.continueFront() }
            return
        }
        switch try terminal.payloadStopped(by: signal, group: leader.pid) {
        case .continuePayload: signalGroup(.cont)
        case .stopFront: front?.stopFront()
        }
    }

    /// Delivers a signal to the payload's process group.
    func signalGroup(_ signal: Signal) {
        guard let leader = leaderHandle else { return }
        guard leader.send(signal, to: .group) == .unsupported else { return }
        // Before Linux 6.9 the group is told one by one. Its number is its own while the leader has not been reaped.
        noting { () throws(SystemError) in
            var pids: [Int32] = []
            try table.allPIDs(into: &pids)
            for pid in pids {
                guard let handle = try ProcessHandle.open(pid: pid), try table.stat(pid)?.group == leader.pid else {
                    continue
                }
                _ = handle.send(signal)
            }
        }
    }
}
