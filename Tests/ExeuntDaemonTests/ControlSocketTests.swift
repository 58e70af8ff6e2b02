// SPDX-License-Identifier: Apache-2.0
import ExeuntDaemon
import ExeuntProtocol
import LinuxSystem
import Testing

/// What a peer that behaves gets.
@Suite(.serialized) struct ControlSocketTests {
    @Test func itSaysWhatItIs() throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try client.send(#"{"method":"org.varlink.service.GetInfo"}"# + "\0")
        let info =
            #"{"parameters":{"interfaces":["org.varlink.service","io.exeunt.Sessions"],"product":"exeuntd","#
            + #""url":"","vendor":"Exeunt","version":"1.2.3"}}"#
        #expect(try client.next() == info)
        for (name, text) in [
            (SessionsInterface.name, SessionsInterface.description), (VarlinkService.name, VarlinkService.description),
        ] {
            try client.send(try VarlinkService.GetInterfaceDescription(interface: name).encoded())
            let reply = try #require(try client.next())
            let message = try ReplyMessage<VarlinkService.GetInterfaceDescription.Reply>(decoding: Array(reply.utf8))
            #expect(message == .last(.init(description: text)))
        }
        try client.send(
            #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"a.b"}}"# + "\0")
        #expect(
            try client.next() == #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"a.b"}}"#)
    }

    @Test(arguments: [
        ("List", "{}", "org.varlink.service.InterfaceNotFound", #"{"interface":""}"#),
        ("a.b.List", "{}", "org.varlink.service.InterfaceNotFound", #"{"interface":"a.b"}"#),
        (
            "io.exeunt.Sessions.Lost", "{}", "org.varlink.service.MethodNotFound",
            #"{"method":"io.exeunt.Sessions.Lost"}"#
        ),
        (
            "org.varlink.service.Lost", "{}", "org.varlink.service.MethodNotFound",
            #"{"method":"org.varlink.service.Lost"}"#
        ),
        ("io.exeunt.Sessions.Show", "{}", "org.varlink.service.InvalidParameter", #"{"parameter":"session"}"#),
        (
            "io.exeunt.Sessions.Keep", #"{"command":["a"],"seconds":-1}"#, "org.varlink.service.InvalidParameter",
            #"{"parameter":"seconds"}"#
        ),
        (
            "io.exeunt.Sessions.Keep", #"{"command":[]}"#, "org.varlink.service.InvalidParameter",
            #"{"parameter":"command"}"#
        ),
        ("io.exeunt.Sessions.History", "{}", "org.varlink.service.ExpectedMore", "{}"),
        ("io.exeunt.Sessions.Show", #"{"session":"x"}"#, "io.exeunt.Sessions.NoSuchSession", #"{"session":"x"}"#),
        ("io.exeunt.Sessions.Release", #"{"lease":"x"}"#, "io.exeunt.Sessions.NoSuchLease", #"{"lease":"x"}"#),
    ]) func whatIsWrongIsSaid(method: String, parameters: String, error: String, why: String) throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try client.send(#"{"method":""# + method + #"","parameters":"# + parameters + "}\0")
        #expect(try client.next() == #"{"error":""# + error + #"","parameters":"# + why + "}")
        // The connection goes on.
        try client.send(call("Leases"))
        #expect(try client.next() == #"{"parameters":{"leases":[]}}"#)
    }

    @Test func callsAreDoneInOrder() throws {
        let daemon = try Daemon()
        daemon.service.answersEnds = false
        let client = try daemon.connect()
        try client.send(call("End", #"{"session":"000000000001"}"#) + call("Leases") + call("Leases"))
        try daemon.run(until: { !daemon.service.waitingEnds.isEmpty })
        try daemon.settle()
        daemon.service.waitingEnds.removeFirst().send(EndCall.Reply(verdict: "killed"))
        #expect(try client.next() == #"{"parameters":{"verdict":"killed"}}"#)
        #expect(try client.next() == #"{"parameters":{"leases":[]}}"#)
        #expect(try client.next() == #"{"parameters":{"leases":[]}}"#)
    }

    @Test func aReplyThatIsLostIsAFailure() throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try client.send(call("Keep", #"{"command":["tmux"]}"#))
        #expect(
            try client.next()
                == #"{"error":"io.exeunt.Sessions.Failed","parameters":{"why":"exeuntd has not answered"}}"#)
    }

    @Test func onewayIsNotAnswered() throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try client.send(call("End", #"{"session":"000000000001"}"#, #","oneway":true"#) + call("Leases"))
        #expect(try client.next() == #"{"parameters":{"leases":[]}}"#)
        #expect(daemon.service.log == ["end 000000000001"])
    }

    /// Whoever wants no answer need not stay.
    @Test func onewayCallsOfAPeerThatIsGoneAreDone() throws {
        let daemon = try Daemon()
        do {
            let client = try daemon.connect()
            let one = call("End", #"{"session":"000000000001"}"#, #","oneway":true"#)
            #expect(try client.stream.send(Array((one + one).utf8)[...]) > 0)
        }
        try daemon.run(until: { daemon.service.log.count == 2 && daemon.socket.connectionCount == 0 })
    }

    @Test func whoeverHangsUpIsGone() throws {
        let daemon = try Daemon()
        daemon.service.answersEnds = false
        do {
            let client = try daemon.connect()
            try client.send(call("End", #"{"session":"000000000001"}"#))
            try daemon.run(until: { daemon.service.waitingEnds.count == 1 })
            #expect(daemon.service.waitingEnds.first?.isGone == false)
        }
        try daemon.run(until: { daemon.service.hangUps == 1 })
        #expect(daemon.socket.connectionCount == 0)
        #expect(daemon.service.waitingEnds.first?.isGone == true)
        daemon.service.waitingEnds.removeFirst().send(EndCall.Reply())
    }

    @Test func manyRepliesComeInOrderTheLastMarked() throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try client.send(call("History", "{}", #","more":true"#))
        #expect(try client.next() == #"{"parameters":{}}"#)
        daemon.service.records = [#"{"n":1}"#, #"{"n":2}"#]
        try client.send(call("History", "{}", #","more":true"#))
        #expect(try client.next() == #"{"parameters":{"record":{"n":1}},"continues":true}"#)
        #expect(try client.next() == #"{"parameters":{"record":{"n":2}}}"#)
    }

    /// A reader who is slow has records made for it only as it takes them.
    @Test func recordsAreMadeAsTheyAreTaken() throws {
        let daemon = try Daemon()
        daemon.service.records = (0..<20000).map { #"{"n":"# + String($0) + #","text":""# + padding(200) + #""}"# }
        let client = try daemon.connect()
        try client.send(call("History", "{}", #","more":true"#))
        try daemon.settle()
        #expect((1..<5000).contains(daemon.service.recordsTaken))
        var count = 0
        while let message = try client.next() {
            count += 1
            if !message.hasSuffix(#","continues":true}"#) { break }
        }
        #expect(count == 20000)
    }

    private func padding(_ count: Int) -> String { String(repeating: "x", count: count) }

    @Test func descriptorsComeWhenTheyAreAskedFor() throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try client.send(call("Run", #"{"user":"anna","command":["true"],"environment":[]}"#, #","more":true"#))
        #expect(try client.next() == #"{"parameters":{"session":"000000000001"},"continues":true}"#)
        let pipe = try makePipe()
        try DescriptorPassing.send([pipe.writeEnd.number], over: client.stream, patience: .seconds(5))
        try daemon.settle()
        // As a child of the daemon does; the daemon itself leaves them where they are.
        let run = try #require(daemon.service.runs.first)
        let socket = try #require(run.socket)
        let found = try #require(try DescriptorPassing.receive(1, from: socket, patience: .seconds(5)))
        try Descriptor(adopting: found[0]).write([7])
        #expect(try pipe.readEnd.readSome(atMost: 10) == [7])
        run.send(RunCall.Reply(exitCode: 3))
        #expect(try client.next() == #"{"parameters":{"exitCode":3}}"#)
        #expect(run.socket == nil)
    }

    @Test func thePeerIsKnownByTheKernel() throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try client.send(call("Open", #"{"user":"anna","service":"sshd"}"#))
        let reply = try client.next()
        if CurrentProcess.effectiveUID == 0 {
            #expect(reply == #"{"parameters":{"nested":false,"session":"000000000001"}}"#)
            #expect(daemon.service.log == ["open anna \(CurrentProcess.pid)"])
        } else {
            #expect(
                reply == #"{"error":"io.exeunt.Sessions.NotPermitted","parameters":{"why":"only root may call Open"}}"#)
        }
    }

    @Test func theNameGoesWithTheSocket() throws {
        let daemon = try Daemon()
        let client = try daemon.connect()
        try daemon.settle()
        daemon.socket.close()
        #expect(try client.isDisconnected())
        #expect(throws: SystemError("connect", daemon.path, .noSuchFileOrDirectory)) {
            _ = try StreamSocket.connect(to: daemon.path, patience: .seconds(1))
        }
    }
}
