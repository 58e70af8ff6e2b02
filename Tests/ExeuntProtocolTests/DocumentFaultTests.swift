// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Testing

@testable import ExeuntProtocol

@Suite struct DocumentFaultTests {
    private struct Document: Decodable {
        struct Leader: Decodable { let pid: Int32 }
        let id: String
        let leader: Leader
        let command: [String]
    }

    @Test(arguments: [
        ("{", "it is no JSON, was cut, or has a number that is too large"),
        ("", "it is no JSON, was cut, or has a number that is too large"),
        (#"{"id":"a","leader":{},"command":[]}"#, "'leader.pid' is missing"),
        (#"{"id":7,"leader":{"pid":1},"command":[]}"#, "'id' is of another type than it should be"),
        (#"{"id":"a","leader":{"pid":1},"command":["b",2]}"#, "'command[1]' is of another type than it should be"),
        (#"{"id":null,"leader":{"pid":1},"command":[]}"#, "'id' has no value"),
        (
            #"{"id":"a","leader":{"pid":99999999999},"command":[]}"#,
            "it is no JSON, was cut, or has a number that is too large"
        ),
        ("[]", "the whole is of another type than it should be"),
    ])
    func saysWhereAndWhat(_ text: String, _ what: String) throws {
        let error = try #require(throws: DecodingError.self) {
            _ = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        }
        #expect(DocumentFault("/a/b", error).description == "read /a/b: \(what)")
    }
}
