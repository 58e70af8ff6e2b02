// SPDX-License-Identifier: Apache-2.0
import ExeuntDaemon
import ExeuntProtocol
import LinuxSystem
import Testing

/// A control socket in a directory of its own, with an event loop that runs while a test waits for something.
final class Daemon {
    let service = FakeService()
    let loop: EventLoop
    let socket: ControlSocket
    let path: String
    private let box = Box()

    private final class Box { var reports: [String] = [] }

    init(administrators: UInt32? = nil, _ change: (inout ControlLimits) -> Void = { _ in }) throws {
        var limits = ControlLimits()
        change(&limits)
        path = "/tmp/exeunt-test-\(CurrentProcess.pid)-\(UInt64.random(in: 0 ... .max))"
        loop = try EventLoop()
        let box = box
        socket = try ControlSocket(
            path: path, on: loop, service: service, version: "1.2.3", administrators: administrators, limits: limits
        ) { box.reports.append($0) }
    }

    deinit { socket.close() }

    var complaints: [String] { box.reports }

    func connect() throws -> Client { Client(try StreamSocket.connect(to: path, patience: .seconds(10)), self) }

    /// Runs the loop until something holds.
    func run(until condition: () throws -> Bool, _ place: SourceLocation = #_sourceLocation) throws {
        let deadline = MonotonicInstant.now() + .seconds(20)
        while try !condition() {
            guard MonotonicInstant.now() < deadline else {
                Issue.record("what was waited for has not come", sourceLocation: place)
                throw CallError.timedOut
            }
            try loop.runOnce(timeout: .milliseconds(1))
        }
    }

    /// Lets everything happen that can happen now.
    func settle() throws { for _ in 0..<20 { try loop.runOnce(timeout: .zero) } }
}

/// A peer that does what a test wants.
final class Client {
    let stream: StreamSocket
    private unowned let daemon: Daemon
    private var splitter = FrameSplitter(limit: 64 << 20)
    private(set) var isClosed = false

    init(_ stream: consuming StreamSocket, _ daemon: Daemon) {
        self.stream = stream
        self.daemon = daemon
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        try daemon.run(until: {
            rest = rest.dropFirst(try stream.send(rest))
            return rest.isEmpty
        })
    }

    /// The next message, without its NUL; nil when the daemon has closed.
    func next(_ place: SourceLocation = #_sourceLocation) throws -> String? {
        try daemon.run(
            until: {
                if !splitter.hasFrame { try receive() }
                return splitter.hasFrame || isClosed
            }, place)
        return try splitter.take().map { String(decoding: $0, as: UTF8.self) }
    }

    func isDisconnected() throws -> Bool {
        try receive()
        return isClosed
    }

    private func receive() throws {
        do throws(SystemError) {
            switch try stream.receive(atMost: 65536) {
            case .none, .descriptors: break
            case .end: isClosed = true
            case .bytes(let bytes): try? splitter.add(bytes)  // try?: no test gets that much
            }
        } catch {
            #expect(error.errno == .connectionReset)
            isClosed = true
        }
    }
}

/// A call as text.
func call(_ method: String, _ parameters: String = "{}", _ more: String = "") -> String {
    #"{"method":"io.exeunt.Sessions."# + method + #"","parameters":"# + parameters + more + "}\0"
}
