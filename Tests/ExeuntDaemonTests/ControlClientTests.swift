// SPDX-License-Identifier: Apache-2.0
import ExeuntClient
import ExeuntProtocol
import LinuxSystem
import Testing

/// The answers lie there before they are waited for: all of it is in one thread.
@Suite struct ControlClientTests {
    private let path = "/tmp/exeunt-client-\(CurrentProcess.pid)-\(UInt64.random(in: 0 ... .max))"

    private func answer(_ text: String, _ body: (ControlClient, borrowing StreamSocket) throws -> Void) throws {
        let listener = try StreamListener(path: path, mode: 0o600)
        let client = try ControlClient(path: path, patience: .milliseconds(200))
        guard var server = try listener.accept() else { throw CallError.timedOut }
        server.permitDescriptors()
        try listener.removeName()
        #expect(try server.send(Array(text.utf8)[...]) == text.utf8.count)
        try body(client, server)
    }

    @Test func oneAnswer() throws {
        try answer(#"{"parameters":{"sessions":[]}}"# + "\0") { client, server in
            let reply = try client.call(ListCall())
            #expect(reply == ListCall.Reply(sessions: []))
            let sent = try server.receive(atMost: 1000)
            #expect(try sent == .bytes(ListCall().encoded()))
        }
    }

    @Test func moreAnswers() throws {
        let first = #"{"parameters":{"record":{"n":1}},"continues":true}"# + "\0"
        try answer(first + #"{"parameters":{"record":{"n":2}}}"# + "\0") { client, _ in
            var records: [String] = []
            try client.callForMore(HistoryCall()) { reply in
                records.append(String(decoding: reply.record?.bytes ?? [], as: UTF8.self))
                return true
            }
            #expect(records == [#"{"n":1}"#, #"{"n":2}"#])
        }
    }

    @Test func errorsAreSaid() throws {
        try answer(#"{"error":"io.exeunt.Sessions.NoSuchSession","parameters":{"session":"x"}}"# + "\0") { client, _ in
            #expect(throws: ClientError.refused(.noSuchSession("x"))) { try client.call(ShowCall(session: "x")) }
        }
        try answer("no answer\0") { client, _ in
            #expect(throws: ClientError.unreadable("the answer to io.exeunt.Sessions.List")) {
                try client.call(ListCall())
            }
        }
        try answer("") { client, _ in
            let silence = SystemError("wait for an answer of", path, .timedOut)
            #expect(throws: ClientError.connection(silence)) { try client.call(ListCall()) }
        }
        try answer(#"{"para"#) { client, server in
            server.shutDown()
            #expect(throws: ClientError.self) { try client.call(ListCall()) }
        }
    }

    @Test func nobodyIsThere() throws {
        do {
            _ = try ControlClient(path: path)
            Issue.record("it has connected")
        } catch {
            #expect("\(error)" == "exeuntd is not running (connect \(path): no such file or directory [ENOENT])")
        }
    }

    @Test func descriptorsArePassed() throws {
        try answer("") { client, server in
            let pipe = try makePipe()
            try client.pass([pipe.writeEnd.number])
            let found = try DescriptorPassing.receive(1, from: server.descriptor, patience: .seconds(1))
            let writeEnd = Descriptor(adopting: try #require(found?.first))
            try writeEnd.write([7])
            #expect(try pipe.readEnd.readSome(atMost: 10) == [7])
        }
    }
}
