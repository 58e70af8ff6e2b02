// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A hook that runs: the keeper's end of it.
final class HookRun {
    private let hook: Hook
    private let link: FrontLink
    private let report: Descriptor
    private let loop: EventLoop
    private let began = Instant.now()
    private var watch: WatchID?
    private var bytes: [UInt8] = []
    private let ended: (HookReport?) -> Void
    /// The process that keeps the hook.
    let keeper: Int32

    /// Forks the process that keeps the hook; `ended` is called once, with nil if it was killed before it could report.
    ///
    /// Nothing that can fail comes after the fork: a hook whose start has failed may be tried again, and none may run
    /// twice.
    init(
        _ hook: Hook, for prepared: PreparedRun, _ loop: EventLoop, failed: @escaping (any Error) -> Void,
        ended: @escaping (HookReport?) -> Void
    ) throws(SystemError) {
        self.hook = hook
        self.loop = loop
        self.ended = ended
        link = try FrontLink()
        let pipe = try makePipe()
        try pipe.readEnd.setNonblocking()
        let number = pipe.readEnd.number
        let reading = Reading()
        let watch = try loop.watch(number, for: .read) { _ in reading.run?.take() }
        let fork: ForkResult
        do throws(SystemError) {
            fork = try CurrentProcess.fork()
        } catch {
            loop.cancel(watch)
            throw error
        }
        switch fork {
        case .child:
            // Without a reading end of its own it is told when nobody is left who would read.
            let report = pipe.onlyWriteEnd()
            CurrentProcess.exit(HookKeeper.run(hook, for: prepared, front: link, report: report, failed: failed))
        case .parent(let pid): keeper = pid
        }
        report = pipe.onlyReadEnd()
        self.watch = watch
        reading.run = self
    }

    /// Lets the watch be made before there is what it calls.
    private final class Reading {
        weak var run: HookRun?
    }

    /// Ends the hook and all that it has started, at once: the second request is what a hurry is.
    func stop() throws(SystemError) {
        for _ in 0..<2 { try link.tellKeeper(FrontMessage(signal: .term, isFromKernel: false)) }
    }

    /// Continues the process that keeps it, if that was stopped.
    func goOn() throws(SystemError) {
        guard try Children.peekStop(pid: keeper) != nil else { return }
        // Its number is its own: it has not been reaped.
        _ = try ProcessHandle.open(pid: keeper)?.send(.cont)
    }

    /// How it stands.
    func progress(at now: Instant) -> HookProgress {
        HookProgress(phase: hook.phase, path: hook.path, ran: now - began, timeout: hook.setup.timeout)
    }

    /// Its keeper is a child that has exited; whatever it has reported is in the pipe.
    func keeperExited() {
        take()
        cancel()
        ended(HookReport(bytes, phase: hook.phase, path: hook.path))
    }

    private func take() {
        do throws(SystemError) {
            while let some = try report.readSome(atMost: 65536) {
                if some.isEmpty { return cancel() }
                bytes += some
            }
        } catch {
            // What has come does as a report or it does not.
            cancel()
        }
    }

    private func cancel() {
        if let watch { loop.cancel(watch) }
        watch = nil
    }
}
