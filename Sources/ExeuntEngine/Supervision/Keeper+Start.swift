// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension Keeper {
    /// Starts the payload and watches whatever can end its session.
    func start() throws {
        try watch()
        let leader = LeaderHandle(try spawnPayload())
        leaderHandle = leader
        // From here on there is something to end, so nothing may end the keeper.
        noting { () throws(SystemError) in try prepared.releaseInheritedDescriptors() }
        noting { () throws(SystemError) in try payloadTrackers?.begin(leader: leader.pid) }
        noting { () throws(SystemError) in
            // One that has exited already is a zombie until it is reaped here, so that it still can be read.
            let start = try table.stat(leader.pid)?.startTime ?? 0
            leaderIdentity = ProcessIdentity(pid: leader.pid, startTime: start)
        }
        reaper.holdsLeader = trackers.trackers.contains(.group) ? leader.pid : nil
        feed(.started(leaderIdentity ?? ProcessIdentity(pid: leader.pid, startTime: 0)))
        guard let limit = prepared.request.timeLimit else { return }
        noting { () throws(SystemError) in
            try loop.schedule(at: MonotonicInstant.now() + limit) { [self] in feed(.timeLimit) }
        }
    }

    /// Takes over the session of a keeper that was killed; its children are this process's by now.
    func adopt() throws(SystemError) {
        try watch()
        feed(.started(ProcessIdentity(pid: 0, startTime: 0)))
        feed(.supervisorExited)
    }

    /// Takes what is sent to this process, its children's exits among it.
    func watchSignals() throws(SystemError) {
        try loop.watch(prepared.signals.descriptor, for: .read) { [self] _ in
            noting { () throws(SystemError) in try takeSignals() }
        }
    }

    private func watch() throws(SystemError) {
        try watchSignals()
        if let output = prepared.output {
            try loop.watch(output.descriptor, for: .read) { [self] _ in
                noting { () throws(SystemError) in try output.take() }
            }
        }
        guard let front else { return }
        try loop.watch(front.keeperEnd, for: .read) { [self] _ in
            noting { () throws(SystemError) in
                while let message = try front.nextFromFront() {
                    act(on: message.signal, isFromKernel: message.isFromKernel)
                }
            }
        }
        // Readable at once if the front was killed before this line.
        var deathWatch: WatchID?
        deathWatch = try loop.watch(front.frontDescriptor, for: .read) { [self] _ in
            if let deathWatch { loop.cancel(deathWatch) }
            feed(.supervisorExited)
        }
    }

    private func spawnPayload() throws -> SpawnedProcess {
        var request = prepared.payload
        request.environment += prepared.spareVariables
        request.cgroup = trackers.cgroup?.directoryDescriptor
        request.foregroundTerminal = terminal?.lendAtBirth()
        // Should front and keeper be killed at one stroke, the payload at least is asked to go; but report mode signals
        // nothing.
        request.parentDeathSignal = CurrentProcess.pid == 1 || prepared.request.mode == .report ? nil : .term
        if trackers.trackers.contains(.audit) {
            request.loginUID = try AuditSession.loginUID(of: prepared.request.owner)
        }
        do throws(SpawnError) {
            return try spawn(request)
        } catch {
            // The payload's group has gone with it, and the terminal may still be lent to it.
            try terminal?.takeBack()
            if error.error.errno == .argListTooLong, !prepared.spareVariables.isEmpty {
                let program = String(decoding: request.arguments.first ?? [], as: UTF8.self)
                let subject = "\(prepared.spareVariables.count) variables to \(program), which runs without them"
                audience.failed(SystemError("pass", subject, .argListTooLong))
                request.environment.removeLast(prepared.spareVariables.count)
                return try spawn(request)
            }
            guard error.stage == .cgroup, prepared.request.trackers == nil else {
                throw prepared.request.explained(error)
            }
            try fallBack()
            request.cgroup = nil
            request.foregroundTerminal = terminal?.lendAtBirth()
        }
        do throws(SpawnError) {
            return try spawn(request)
        } catch {
            throw prepared.request.explained(error)
        }
    }

    /// The kernel would not have the payload born in the leaf, which nobody had asked for by name: do without.
    private func fallBack() throws(SystemError) {
        _ = try trackers.cgroup?.remove()
        guard let payloadTrackers else { return }
        payloadTrackers.dropCgroup()
        session = Session(plan: prepared.plan(for: payloadTrackers.choice))
    }
}

/// The payload's leader: its number stays its own while the handle is open, for signals to its group.
final class LeaderHandle {
    private let process: SpawnedProcess

    init(_ process: consuming SpawnedProcess) { self.process = process }

    var pid: Int32 { process.pid }

    func send(_ signal: Signal, to scope: ProcessHandle.Scope) -> Delivery { process.handle.send(signal, to: scope) }
}
