// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

extension FuzzTarget {
    /// What a peer of exeuntd sends, and what the daemon answers.
    static let socket = [
        FuzzTarget("frames", ["{}\0{\"a\":1}\0{", "\0\0"]) { bytes in
            var splitter = FrameSplitter(limit: 100)
            var rest = bytes[...]
            // try?: too long is the end of it.
            while !rest.isEmpty, (try? splitter.add(rest.prefix(7))) != nil {
                rest = rest.dropFirst(7)
                while let frame = try? splitter.take() {
                    precondition(!frame.contains(0) && frame.count <= 100, "a frame is none")
                }
            }
        },
        FuzzTarget(
            "call",
            [
                #"{"method":"io.exeunt.Sessions.Open","parameters":{"user":"a","service":"sshd","tty":null},"more":true}"#,
                #"{"method":"io.exeunt.Sessions.Run","parameters":{"user":"a","command":["b"],"environment":["A=b"],"timeLimit":1e3}}"#,
                #"{"method":"io.exeunt.Sessions.End","parameters":{"session":"\u0000\ud83d","force":false}}"#,
            ]
        ) { bytes in
            guard CallHead(decoding: bytes) != nil else { return }
            decode(OpenCall.self, bytes)
            decode(CloseCall.self, bytes)
            decode(EndCall.self, bytes)
            decode(KeepCall.self, bytes)
            decode(HistoryCall.self, bytes)
            decode(RunCall.self, bytes)
        },
        FuzzTarget(
            "reply",
            [
                #"{"parameters":{"verdict":"left","record":{"a":[1,{"b":"\\\""}],"c":-1.5e3}},"continues":true}"#,
                #"{"error":"io.exeunt.Sessions.KeepRefused","parameters":{"why":"a","consequence":"b"}}"#,
                #"{"parameters":{"sessions":[]}}"#,
            ]
        ) { bytes in
            if let reply = try? ReplyMessage<EndCall.Reply>(decoding: bytes) {  // try?: it is none
                again(reply)
            }
            _ = try? ReplyMessage<ListCall.Reply>(decoding: bytes)
        },
        FuzzTarget("record", [#"{"version":1,"record":{"a":"}\\"},"b":[{},[]]}"#]) { bytes in
            if let raw = RawJSON(bytes) { again(.last(EndCall.Reply(record: raw))) }
            _ = RawJSON(of: "record", in: bytes)
        },
    ]

    /// What was taken can be said, and means the same then.
    private static func decode<Call: MethodCall>(_ type: Call.Type, _ bytes: [UInt8]) {
        // try?: it is refused.
        guard let call = try? Call(decoding: bytes) else { return }
        guard let message = try? call.encoded() else { preconditionFailure("what was decoded cannot be encoded") }
        precondition((try? Call(decoding: Array(message.dropLast()))) == call, "a call does not read back")
    }

    private static func again(_ reply: ReplyMessage<EndCall.Reply>) {
        guard let message = try? reply.encoded() else { preconditionFailure("what was decoded cannot be encoded") }
        precondition(message.dropLast().allSatisfy { $0 != 0 }, "a NUL is inside a message")
        precondition((try? ReplyMessage(decoding: Array(message.dropLast()))) == reply, "a reply does not read back")
    }
}
