// SPDX-License-Identifier: Apache-2.0
import ExeuntDaemon
import ExeuntProtocol
import LinuxSystem
import Testing

/// What a peer that does not behave gets, and that others do not notice.
@Suite(.serialized) struct HostilePeerTests {
    /// A second peer is served.
    private func expectService(_ daemon: Daemon) throws {
        let other = try daemon.connect()
        try other.send(call("Leases"))
        #expect(try other.next() == #"{"parameters":{"leases":[]}}"#)
    }

    @Test(arguments: ["", "{}", "GET / HTTP/1.1\r\n\r\n", "[1]", #"{"method":7}"#, "\u{1}"])
    func whatIsNoCallEndsTheConnection(text: String) throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try client.send(text + "\0")
        #expect(try client.next() == nil)
        try expectService(daemon)
        #expect(
            daemon.complaints == ["user \(CurrentProcess.effectiveUID) sends what is no call, and was disconnected"])
    }

    @Test func aMessageThatIsTooLongEndsTheConnection() throws {
        let daemon = try Daemon {
            $0.message = 1000
            $0.messageOfRoot = 1000
        }
        let client = try daemon.connect()
        try client.send([UInt8](repeating: UInt8(ascii: "x"), count: 1001))
        #expect(try client.next() == nil)
        try expectService(daemon)
        // One that is as long as it may be.
        let longest = try daemon.connect()
        let text = call("Show", #"{"session":"x"}"#)
        try longest.send(String(repeating: " ", count: 1001 - text.utf8.count) + text)
        #expect(try longest.next()?.contains("NoSuchSession") == true)
    }

    @Test func aMessageThatIsNotCompletedEndsTheConnection() throws {
        let daemon = try Daemon { $0.patience = .milliseconds(50) }
        let client = try daemon.connect()
        let silent = try daemon.connect()
        try client.send("{")
        let start = MonotonicInstant.now()
        // More of it is no excuse.
        try daemon.run(until: {
            _ = try? client.stream.send([UInt8(ascii: " ")])  // try?: it has been closed
            return try client.isDisconnected()
        })
        #expect(MonotonicInstant.now() - start >= .milliseconds(49))
        // Who has begun nothing may be silent as long as it likes.
        #expect(try !silent.isDisconnected())
    }

    @Test func whoDoesNotReadIsDisconnected() throws {
        let daemon = try Daemon { $0.patience = .milliseconds(50) }
        daemon.service.padding = 4 << 20
        let client = try daemon.connect()
        try client.send(call("List") + call("List") + call("List"))
        try daemon.run(until: { daemon.socket.connectionCount == 1 })
        try daemon.run(until: { daemon.socket.connectionCount == 0 })
        // The second call was not begun before the answer to the first was read.
        #expect(daemon.service.log.count == 1)
        #expect(daemon.complaints.first?.contains("does not read its answers") == true)
        try expectService(daemon)
    }

    /// Calls that come without end leave others their turn.
    @Test func aFloodLeavesOthersTheirTurn() throws {
        let daemon = try Daemon()
        let flood = try daemon.connect()
        let many = Array(String(repeating: call("End", #"{"session":"x"}"#, #","oneway":true"#), count: 500).utf8)
        var sent = 0
        try daemon.run(until: {
            sent += try flood.stream.send(many[(sent % many.count)...])
            return sent > 100_000
        })
        let other = try daemon.connect()
        #expect(try other.stream.send(Array(call("Leases").utf8)[...]) > 0)
        // A turn to be accepted and one to be served, and few calls of the flood in each.
        for _ in 0..<4 { try daemon.loop.runOnce(timeout: .zero) }
        #expect(try other.stream.receive(atMost: 1000) == .bytes(Array((#"{"parameters":{"leases":[]}}"# + "\0").utf8)))
    }

    @Test func connectionsAreCounted() throws {
        let daemon = try Daemon {
            $0.connections = 3
            $0.connectionsOfRoot = 3
        }
        var clients = try (0..<3).map { _ in try daemon.connect() }
        let fourth = try daemon.connect()
        #expect(try fourth.next() == nil)
        #expect(daemon.socket.connectionCount == 3)
        #expect(daemon.complaints.count == 1)
        clients.removeLast()
        try daemon.run(until: { daemon.socket.connectionCount == 2 })
        try expectService(daemon)
    }

    @Test func descriptorsAreNotTaken() throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try daemon.settle()
        let pipe = try makePipe()
        let isSent = try sends(pipe.readEnd.number, client)
        // Linux 6.16 refuses it to the sender, and the connection goes on.
        if isSent { #expect(try client.next() == nil) }
        try expectService(daemon)
    }

    private func sends(_ descriptor: Int32, _ client: Client) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try DescriptorPassing.send([descriptor], over: client.stream, patience: .seconds(1))
            return true
        } catch {
            if error.errno == .notPermitted { return false }
            throw error
        }
    }

    @Test(arguments: 0..<50) func anyBytes(seed: UInt64) throws {
        let daemon = try Daemon()
        var random = SeededBytes(state: seed)
        let sample = Array((call("End", #"{"session":"000000000001"}"#) + call("List")).utf8)
        for _ in 0..<10 {
            let client = try daemon.connect()
            var bytes = sample
            for _ in 0..<5 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try client.stream.send(bytes[...])
            try daemon.settle()
        }
        try expectService(daemon)
    }
}

/// SplitMix64.
struct SeededBytes {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
