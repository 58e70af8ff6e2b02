// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// The process the caller knows: it passes signals on to the keeper and waits for it.
final class Front {
    private let prepared: PreparedRun
    private let link: FrontLink
    private let keeper: ProcessHandle
    private let loop: EventLoop
    private var status: ExitStatus?
    private var failure: SystemError?

    /// Forks the keeper and waits. Returns in the front only: the keeper ends with the session.
    static func run(_ prepared: PreparedRun, _ audience: some Supervision.Audience) throws -> Int32 {
        // Before the fork, so that there is no instant at which orphans would get away from both. Nothing that has to be
        // removed again is made before it either: there would be nobody to remove it if this process were killed.
        try CurrentProcess.becomeSubreaper()
        let link = try FrontLink()
        switch try CurrentProcess.fork() {
        case .child: CurrentProcess.exit(Keeper.keep(prepared, front: link, audience))
        case .parent(let keeper): return try Front(prepared, link, keeper: keeper).wait(audience)
        }
    }

    private init(_ prepared: PreparedRun, _ link: FrontLink, keeper pid: Int32) throws {
        self.prepared = prepared
        self.link = link
        guard let keeper = try ProcessHandle.open(pid: pid) else {
            throw SystemError("open", "process \(pid), the keeper", .noSuchProcess)
        }
        self.keeper = keeper
        loop = try EventLoop()
    }

    private func wait(_ audience: some Supervision.Audience) throws -> Int32 {
        do {
            try attend()
            if let failure { throw failure }
        } catch {
            // The session is kept all the same, and is not over before its keeper is.
            audience.failed(error)
            while status == nil {
                _ = keeper.waitForExit(.seconds(3600))
                try takeExits()
            }
        }
        guard case .exited(let code) = status else { return Keeper.takeOver(prepared, audience) }
        if let message = try link.nextFromKeeper() { try CurrentProcess.end(by: message.signal) }
        return code
    }

    private func attend() throws {
        try prepared.releaseInheritedDescriptors()
        try loop.watch(prepared.signals.descriptor, for: .read) { [self] _ in
            noting { () throws(SystemError) in try takeSignals() }
        }
        // A keeper that was killed before the watch began has left its SIGCHLD in the queue.
        try loop.run()
    }

    private func takeSignals() throws(SystemError) {
        while let received = try prepared.signals.next() {
            if received.signal == .chld {
                try takeExits()
            } else if received.signal != .pipe && received.signal != .ttin && received.signal != .ttou {
                try link.tellKeeper(
                    FrontMessage(signal: received.signal, isFromKernel: received.isFromKernel))
            }
        }
    }

    private func takeExits() throws(SystemError) {
        guard status == nil else { return }
        // Stopped, it would end nothing. Whoever wants the job stopped stops this process and the payload.
        if try Children.peekStop(pid: keeper.pid) != nil { _ = keeper.send(.cont) }
        guard let exit = try Children.reap(pid: keeper.pid) else { return }
        status = exit
        loop.stop()
    }

    private func noting(_ work: () throws(SystemError) -> Void) {
        do throws(SystemError) {
            try work()
        } catch {
            // The keeper being gone is what SIGCHLD is about to say; everything else ends the run.
            switch error.errno {
            case .brokenPipe, .connectionReset, .resourceTemporarilyUnavailable: return
            default:
                failure = error
                loop.stop()
            }
        }
    }
}
