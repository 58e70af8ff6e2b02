// SPDX-License-Identifier: Apache-2.0
import ExeuntClient
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// A payload of another user that exeuntd runs for the caller: it gets the caller's standard streams, and its session
/// ends when the caller is gone.
final class DaemonRun {
    private let client: ControlClient
    private let loop: EventLoop
    private let signals: SignalQueue
    private var outcome: Result<Int32, any Error>?

    /// How long a daemon that has begun a payload may take to say that it will not, or an answer that has begun.
    private static let patience: Duration = .seconds(30)

    /// Runs it, and waits for its end.
    /// - Returns: its exit code, or 128 and the signal that has ended the wait for it.
    static func run(_ call: RunCall) throws -> Int32 {
        do {
            return try DaemonRun().run(call)
        } catch ClientError.notRunning(let error) {
            let why = "that takes root, or exeuntd, which is not running"
            Console.message("run as another user or group: \(why) (\(Escaping.shown("\(error)".utf8)))")
            return ExitCode.failure
        }
    }

    private init() throws {
        // Before the payload runs: a request must not find a session that nobody ends.
        let ignored = CurrentProcess.ignoredSignals()
        signals = try SignalQueue(blocking: [.hup, .int, .term, .quit].filter { !ignored.contains($0) })
        loop = try EventLoop()
        client = try ControlClient()
    }

    private func run(_ call: RunCall) throws -> Int32 {
        try client.begin(call)
        let first = try client.next(RunCall.self, patience: Self.patience)
        guard first.continues else { return first.reply.exitCode ?? ExitCode.failure }
        try client.pass([0, 1, 2])
        try loop.watch(client.descriptor, for: .read) { [self] _ in take() }
        try loop.watch(signals.descriptor, for: .read) { [self] _ in end() }
        while outcome == nil { try loop.run() }
        return try outcome?.get() ?? ExitCode.failure
    }

    /// The answer, or the end of the connection.
    private func take() {
        do throws(ClientError) {
            let (reply, continues) = try client.next(RunCall.self, patience: Self.patience)
            if continues { return }
            outcome = .success(reply.exitCode ?? ExitCode.failure)
        } catch {
            outcome = .failure(error)
        }
        loop.stop()
    }

    /// To hang up is to ask for the end of the session; the daemon sees to it, and tells nobody how it went.
    private func end() {
        do throws(SystemError) {
            guard let received = try signals.next() else { return }
            client.hangUp()
            outcome = .success(ExitCode.signalled + received.signal.rawValue)
        } catch {
            outcome = .failure(error)
        }
        loop.stop()
    }
}
