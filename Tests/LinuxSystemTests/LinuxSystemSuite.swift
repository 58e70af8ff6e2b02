// SPDX-License-Identifier: Apache-2.0
import LinuxSystem
import Testing

/// Everything here one after the other: tests fork, and a forked child has only the thread that forked.
@Suite(.serialized) enum LinuxSystemSuite {}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A child. Whoever starts it waits for its end.
final class Child {
    private let process: SpawnedProcess

    init(_ request: SpawnRequest) throws(SpawnError) { process = try spawn(request) }

    /// One that does nothing for a minute.
    static func sleeper(environment: [[UInt8]] = [], cgroup: CInt? = nil) throws -> Child {
        var request = SpawnRequest(arguments: [bytes("sleep"), bytes("60")], environment: environment)
        request.candidates = [bytes("/bin/sleep")]
        request.cgroup = cgroup
        return try Child(request)
    }

    var pid: Int32 { process.pid }
    var hasExited: Bool { process.handle.hasExited }

    func send(_ signal: Signal, to scope: ProcessHandle.Scope = .process) -> Delivery {
        process.handle.send(signal, to: scope)
    }

    func exits(within patience: Duration) -> Bool { process.handle.waitForExit(patience) }

    func finish() throws -> LinuxSystem.ExitStatus? {
        #expect(exits(within: .seconds(20)))
        return try Children.reap(pid: pid)
    }

    func kill() throws {
        #expect(send(.kill) == .delivered)
        #expect(try finish() == .signalled(.kill, coreDumped: false))
    }
}

/// Runs a shell script to its end.
/// - Returns: its standard output, which must fit into a pipe, and how it ended.
func run(_ script: String, _ change: (inout SpawnRequest) -> Void = { _ in }) throws -> (
    text: String, status: LinuxSystem.ExitStatus?
) {
    let pipe = try makePipe()
    // The pipe itself is close-on-exec.
    let redirection = "exec >/proc/\(CurrentProcess.pid)/fd/\(pipe.writeEnd.number); "
    var request = SpawnRequest(arguments: ["sh", "-c", redirection + script].map { bytes($0) })
    change(&request)
    let status = try Child(request).finish()
    let readEnd = takeReadEnd(pipe)
    return (String(decoding: try readEnd.readToEnd(), as: UTF8.self), status)
}

/// Closes the other end.
func takeReadEnd(_ pipe: consuming Pipe) -> Descriptor { pipe.readEnd }

/// Runs the body in a forked child, which has one thread only.
/// - Returns: whether the body returned true.
func inChild(_ body: () throws -> Bool) throws -> Bool {
    switch try CurrentProcess.fork() {
    case .child:
        let isTrue = (try? body()) ?? false  // try?: an error is a failed test, and there is nobody to throw it to
        CurrentProcess.exit(isTrue ? 0 : 1)
    case .parent(let child):
        guard let handle = try ProcessHandle.open(pid: child) else { return false }
        _ = handle.waitForExit(.seconds(20))
        return try Children.reap(pid: child) == .exited(0)
    }
}
