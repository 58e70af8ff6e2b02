// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A hook that runs: the keeper's end of it.
final class HookRun {
    private let hook: Hook
    private let link: FrontLink
    private let report: Descriptor
    private let loop: EventLoop
    private var watch: WatchID?
    private var bytes: [UInt8] = []
    private let ended: (HookOutcome) -> Void
    /// The process that keeps the hook.
    let keeper: Int32

    /// Forks the process that keeps the hook; `ended` is called once, when that has reported or is gone.
    init(
        _ hook: Hook, for prepared: PreparedRun, _ loop: EventLoop, failed: @escaping (any Error) -> Void,
        ended: @escaping (HookOutcome) -> Void
    ) throws(SystemError) {
        self.hook = hook
        self.loop = loop
        self.ended = ended
        link = try FrontLink()
        let pipe = try makePipe()
        switch try CurrentProcess.fork() {
        case .child:
            CurrentProcess.exit(
                HookKeeper.run(hook, for: prepared, front: link, report: pipe.writeEnd, failed: failed))
        case .parent(let pid): keeper = pid
        }
        report = Self.readEnd(of: pipe)
        try report.setNonblocking()
        watch = try loop.watch(report.number, for: .read) { [self] _ in take() }
    }

    /// Closes the writing end, so that the last one is closed with the process that keeps the hook.
    private static func readEnd(of pipe: consuming Pipe) -> Descriptor { pipe.readEnd }

    /// Ends the hook and all that it has started, at once: the second request is what a hurry is.
    func stop() throws(SystemError) {
        for _ in 0..<2 { try link.tellKeeper(FrontMessage(signal: .term, isFromKernel: false)) }
    }

    private func take() {
        do throws(SystemError) {
            while let some = try report.readSome(atMost: 65536) {
                if some.isEmpty { return finish() }
                bytes += some
            }
        } catch {
            finish()
        }
    }

    private func finish() {
        if let watch { loop.cancel(watch) }
        watch = nil
        let reported = HookReport.decode(bytes, phase: hook.phase, path: hook.path)
        let killed = HookOutcome.End.unknown("the process that kept it was killed")
        ended(reported ?? HookOutcome(phase: hook.phase, path: hook.path, end: killed))
    }
}
