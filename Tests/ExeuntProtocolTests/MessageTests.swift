// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import Testing

@Suite struct MessageTests {
    private func text(_ message: [UInt8]) -> String { String(decoding: message, as: UTF8.self) }

    @Test func callsAreEncoded() throws {
        #expect(
            try text(ShowCall(session: "x").encoded())
                == #"{"method":"io.exeunt.Sessions.Show","parameters":{"session":"x"}}"# + "\0")
        #expect(
            try text(HistoryCall(limit: 3).encoded(more: true))
                == #"{"method":"io.exeunt.Sessions.History","more":true,"parameters":{"limit":3}}"# + "\0")
        #expect(
            try text(ListCall().encoded(oneway: true))
                == #"{"method":"io.exeunt.Sessions.List","oneway":true,"parameters":{}}"# + "\0")
    }

    @Test func callsAreDecoded() throws {
        let message = bytes(
            #"{"method":"io.exeunt.Sessions.Close","parameters":{"session":null,"wait":2.5},"more":true}"#)
        let head = try #require(CallHead(decoding: message))
        #expect(head.method == CloseCall.fullName && head.interface == SessionsInterface.name)
        #expect(head.more && !head.oneway)
        #expect(try CloseCall(decoding: message) == CloseCall(wait: 2.5))
        #expect(try CloseCall(decoding: bytes(#"{"method":"m"}"#)) == CloseCall())
        #expect(try CloseCall(decoding: bytes(#"{"method":"m","parameters":null}"#)) == CloseCall())
    }

    @Test(arguments: [
        ("", "session"), (#""session":1"#, "session"), (#""session":null"#, "session"),
        (#""session":"x","force":"yes""#, "force"), (#""session":"x","forced":true"#, "forced"),
        (#""session":"x","zeal":true,"awe":true"#, "awe"),
    ]) func whatIsWrongIsNamed(parameters: String, name: String) {
        let message = bytes(#"{"method":"m","parameters":{"# + parameters + "}}")
        #expect(throws: CallError.invalidParameter(name)) { try EndCall(decoding: message) }
    }

    @Test(arguments: [
        (#"{"method":"m","parameters":[]}"#, "parameters"), (#"{"method":"m","parameters":7}"#, "parameters"),
        (#"{"method":"m"}"#, "session"),
    ]) func whatIsMissingIsNamed(message: String, name: String) {
        #expect(throws: CallError.invalidParameter(name)) { try EndCall(decoding: bytes(message)) }
    }

    @Test(arguments: [
        "", "x", "[]", "{}", #"{"method":1}"#, #"{"method":"a","more":1}"#, "{\"method\":\"a\"", "\u{FEFF}",
        String(repeating: "[", count: 60000), String(repeating: #"{"a":"#, count: 10000),
    ]) func whatIsNoCallIsNone(message: String) { #expect(CallHead(decoding: bytes(message)) == nil) }

    @Test func aMethodWithoutInterfaceHasNone() {
        #expect(CallHead(decoding: bytes(#"{"method":"List"}"#))?.interface == "")
        #expect(CallHead(decoding: bytes(#"{"method":"a.b.List"}"#))?.interface == "a.b")
    }

    @Test func repliesComeBack() throws {
        let replies: [ReplyMessage<ListCall.Reply>] = [
            .last(ListCall.Reply(sessions: [Samples.session])), .continued(ListCall.Reply(sessions: [])),
            .failure(.noSuchSession("x")), .failure(.keepRefused(why: "a", consequence: "b")), .failure(.timedOut),
            .failure(.other("org.example.Odd")),
        ]
        for reply in replies {
            let message = try reply.encoded()
            #expect(message.last == 0 && !message.dropLast().contains(0))
            #expect(try ReplyMessage(decoding: message.dropLast()) == reply)
        }
    }

    @Test func anErrorWithOddParametersIsStillThatError() throws {
        let message = bytes(#"{"error":"io.exeunt.Sessions.Busy","parameters":{"why":7}}"#)
        #expect(try ReplyMessage<ListCall.Reply>(decoding: message) == .failure(.busy(why: "")))
    }

    @Test func recordsArePassedOnAsTheyAre() throws {
        let raw = try #require(RawJSON(bytes(#"{"version":1, "a\"}":[{"record":"no\\"},1e2],"record":{}}"#)))
        let history = ReplyMessage.continued(HistoryCall.Reply(record: raw))
        #expect(
            try text(history.encoded())
                == #"{"parameters":{"record":"# + text(raw.bytes) + #"},"continues":true}"# + "\0")
        #expect(try ReplyMessage(decoding: history.encoded().dropLast()) == history)
        let end = ReplyMessage.last(EndCall.Reply(verdict: "left", record: raw))
        #expect(try ReplyMessage(decoding: end.encoded().dropLast()) == end)
        let none = ReplyMessage.last(HistoryCall.Reply())
        #expect(try text(none.encoded()) == #"{"parameters":{}}"# + "\0")
        #expect(try ReplyMessage(decoding: none.encoded().dropLast()) == none)
    }

    @Test(arguments: ["", "{", "{}{}", "[]", "{\"a\":1", "{\"a\":}", "{\"a\":\"\n\"}", "{}\n", "{\"a\":1}}", "x{}"])
    func whatIsNoObjectIsNotPassedOn(text: String) { #expect(RawJSON(bytes(text)) == nil) }

    /// Nothing traps, whatever comes; what is taken can be sent again.
    @Test(arguments: 0..<400) func anyBytes(seed: UInt64) throws {
        var random = Random(seed: seed)
        let samples = [
            try OpenCall(user: "anna", service: "sshd", tty: "pts/1").encoded(), try Samples.run.encoded(more: true),
            try ReplyMessage.last(ShowCall.Reply(session: Samples.session, members: [Samples.member])).encoded(),
            bytes(#"{"parameters":{"verdict":"left","record":{"a":[1,{"b":"\\\""}],"c":-1.5e3}},"continues":true}"#),
        ]
        for sample in samples {
            let message = random.mutated(sample.filter { $0 != 0 })
            _ = CallHead(decoding: message)
            if let call = try? OpenCall(decoding: message) { _ = try call.encoded() }
            if let call = try? RunCall(decoding: message) { _ = try call.encoded() }
            _ = try? ReplyMessage<ShowCall.Reply>(decoding: message)
            if let reply = try? ReplyMessage<EndCall.Reply>(decoding: message) { _ = try reply.encoded() }
            _ = RawJSON(message)
            _ = RawJSON(of: "parameters", in: message)
            _ = RawJSON(of: "record", in: message)
        }
        let noise = (0..<random.next(below: 300)).map { _ in UInt8(random.next(below: 256)) }
        _ = CallHead(decoding: noise)
        _ = RawJSON(of: "record", in: [UInt8(ascii: "{"), UInt8(ascii: "\"")] + noise)
    }

    /// What is written by hand is what an encoder would write.
    @Test func whatComesInThousandsReadsBack() throws {
        var session = Samples.session
        session.user = "a\"b\\c\u{1}\n\u{7F}é\u{1F600}"
        session.tty = "pts/1"
        session.seconds = 1e-7
        session.trackers = ["cgroup", "mark"]
        var member = Samples.member
        member.startTime = .max
        member.uid = 0
        member.cpuSeconds = 1e300
        member.rule = ""
        var lease = Samples.lease
        lease.session = "x"
        try expectSame(ListCall.Reply(sessions: []))
        try expectSame(ListCall.Reply(sessions: [session, Samples.session]))
        try expectSame(ShowCall.Reply(session: session, members: [member, Samples.member, member]))
        try expectSame(ShowCall.Reply(session: Samples.session, members: [], action: .keep, why: "a"))
        try expectSame(LeasesCall.Reply(leases: [lease, Samples.lease]))
        session.seconds = .infinity
        session.trackers = []
        #expect(try !text(ListCall.Reply(sessions: [session]).encodedParameters()).contains("seconds"))
    }

    private func expectSame<Reply: MethodReply>(_ reply: Reply) throws {
        let message = try ReplyMessage.last(reply).encoded()
        #expect(try ReplyMessage(decoding: Array(message.dropLast())) == .last(reply))
    }
}
