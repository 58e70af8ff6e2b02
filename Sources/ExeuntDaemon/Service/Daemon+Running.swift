// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

extension Daemon {
    /// Runs a payload as another user for somebody whom `[Run]` allows it. The process that keeps it is a child of the
    /// daemon's, in the cgroup of whoever asked: her session's end, and her limits, hold for the payload as well.
    public func run(_ call: RunCall, from peer: Peer, _ reply: Reply<RunCall.Reply>) {
        do {
            guard let socket = reply.socket else { return }
            let caller = try Self.process(of: peer)
            let place = cgroups.foreign(shown: try cgroups.shownPath(of: peer.pid))
            guard place != nil || cgroups.root == nil else {
                throw CallError.failed(why: "your cgroup is not below the one that exeuntd sees; run it from a log-in")
            }
            let work = DelegatedRun(
                call: call, caller: peer.uid, cgroup: place, settings: settings, records: records, log: log.unechoed)
            // Whoever has its number now is still the one that asked.
            guard !caller.handle.hasExited else { return }
            // The child takes them: a descriptor of somebody else's can keep waiting whoever closes it.
            reply.sendAskingForDescriptors(RunCall.Reply())
            let process: WatchedProcess
            switch try CurrentProcess.forkWatched() {
            case .child:
                letGo(except: socket)
                CurrentProcess.exit(work.run(socket))
            case .parent(let handle): process = WatchedProcess(handle)
            }
            try process.watch(loop) { [self] in
                writeRecords()
                // try?: a child that cannot be reaped is one no more.
                let status = try? Children.reap(pid: process.handle.pid)
                reply.send(RunCall.Reply(exitCode: (status ?? nil).map(Self.code) ?? ExitCode.failure))
            }
            // The end of the connection is a request for the end of the payload.
            reply.whenHungUp { _ = process.handle.send(.term) }
        } catch {
            fail(reply, error)
        }
    }

    private static func code(_ status: ExitStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signalled(let signal, _): ExitCode.signalled + signal.rawValue
        }
    }
}
