// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntProtocol

/// What is read quickly is read as a decoder reads it, or not at all.
@Suite struct PlainCallTests {
    private static let wholes = [
        #"{"method":"m","parameters":{"user":"alice","service":"sshd"}}"#,
        #" { "method" : "m" , "parameters" : { "user" : "alice" , "service" : "" , "uid" : 0 } , "more" : true } "#,
        #"{"parameters":{"session":null,"user":"é€𝄞","uid":4294967295,"service":"s","class":"user","type":null},"method":"m"}"#,
        #"{"method":"m","oneway":false,"more":null,"parameters":{"tty":"/dev/pts/1","display":":0","user":"u","service":"s"}}"#,
    ]

    @Test(arguments: wholes) func plainOnesAreRead(text: String) throws {
        let plain = try #require(PlainCall(bytes(text)))
        let call = try #require(OpenCall(plain: plain.parameters))
        #expect(try call == OpenCall.decoded(bytes(text)))
        let head = try #require(CallHead(decoding: bytes(text)))
        #expect(head == CallHead.decoded(bytes(text)))
    }

    @Test(arguments: [
        "", "{", "{}x", #"{"method":"m""#, #"{"method":"m",}"#, #"{"method":"m"}}"#, #"{"method":"m" "more":true}"#,
        #"{"method":"a\n"}"#, "{\"method\":\"a\nb\"}", #"{"method":"m","method":"n"}"#, #"{"method":m}"#,
        #"{"method":"m","more":tru}"#, #"{"method":"m","x":[]}"#, #"{"method":"m","x":{}}"#, #"{"method":"m","x":-1}"#,
        #"{"method":"m","x":1.5}"#, #"{"method":"m","x":1e3}"#, #"{"method":"m","x":01}"#,
        #"{"method":"m","x":1234567890123456}"#, #"{"method":"m","parameters":{"a":1,"a":2}}"#,
        #"{"method":"m","parameters":{"a":1},"parameters":{}}"#, #"{"method":"m","parameters":[]}"#,
        #"{"method":"m","parameters":{"a":{"b":1}}}"#, #"{"method":"m"#,
    ]) func othersAreNot(text: String) { #expect(PlainCall(bytes(text)) == nil) }

    @Test func whatIsNoTextIsNotRead() {
        #expect(PlainCall(Array(#"{"method":""#.utf8) + [0xFF] + Array(#""}"#.utf8)) == nil)
    }

    @Test(arguments: [
        #"{"user":"u"}"#, #"{"user":"u","service":null}"#, #"{"user":"u","service":"s","uid":"1"}"#,
        #"{"user":"u","service":"s","uid":4294967296}"#, #"{"user":"u","service":"s","more":true}"#,
        #"{"user":1,"service":"s"}"#, #"{"user":"u","service":"s","tty":true}"#,
    ]) func wrongParametersAreLeftToTheDecoder(text: String) throws {
        let plain = try #require(PlainCall(bytes(#"{"method":"m","parameters":"# + text + "}")))
        #expect(OpenCall(plain: plain.parameters) == nil)
    }

    @Test func closingIsRead() throws {
        let plain = try #require(PlainCall(bytes(#"{"method":"m","parameters":{"session":"x","wait":30}}"#)))
        #expect(CloseCall(plain: plain.parameters) == CloseCall(session: "x", wait: 30))
        #expect(CloseCall(plain: [:]) == CloseCall())
    }

    /// Changed at random it is still read as the decoder reads it, or not at all.
    @Test func changedOnes() {
        var random = Random(seed: 7)
        var read = 0
        for _ in 0..<20000 {
            let text = random.mutated(bytes(Self.wholes[random.next(below: Self.wholes.count)]))
            guard let plain = PlainCall(text), let call = OpenCall(plain: plain.parameters) else { continue }
            read += 1
            #expect(CallHead.decoded(text) == CallHead(decoding: text))
            #expect((try? OpenCall.decoded(text)) == call, "\(String(decoding: text, as: UTF8.self))")
        }
        #expect(read > 500)
    }
}
