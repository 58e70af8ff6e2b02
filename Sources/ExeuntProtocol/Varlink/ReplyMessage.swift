// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// One message of the daemon to its caller.
public enum ReplyMessage<Reply: MethodReply>: Hashable, Sendable {
    /// One of several: more follow.
    case continued(Reply)
    /// The only one, or the last.
    case last(Reply)
    /// The call was not done, or not to its end.
    case failure(CallError)

    /// The message, with its NUL.
    public func encoded() throws -> [UInt8] {
        switch self {
        case .continued(let reply): try Self.text(reply, #","continues":true}"#)
        case .last(let reply): try Self.text(reply, "}")
        case .failure(let error):
            Array(try JSONEncoder.varlink.encode(Failure(error: error.name, parameters: error.parameters))) + [0]
        }
    }

    /// From a message without its NUL.
    /// - Throws: when it is no reply to this method.
    public init(decoding message: [UInt8]) throws {
        let decoder = JSONDecoder()
        let head = try decoder.decode(Head.self, from: Data(message))
        if let name = head.error {
            // try?: whatever else an unknown error has with it is of no use.
            let failure = try? decoder.decode(Failure.self, from: Data(message))
            self = .failure(CallError(name: name, parameters: failure?.parameters ?? [:]))
            return
        }
        var reply = try decoder.decode(Body<Reply>.self, from: Data(message)).parameters
        if let parameters = JSONMembers(message).value(of: "parameters") {
            reply.record = RawJSON(of: "record", in: parameters)
        }
        self = head.continues == true ? .continued(reply) : .last(reply)
    }

    private static func text(_ reply: Reply, _ end: String) throws -> [UInt8] {
        var parameters = Array(try JSONEncoder.varlink.encode(reply))
        if let record = reply.record {
            parameters.removeLast()
            // One byte: the opening brace alone.
            parameters += Array((parameters.count > 1 ? "," : "").utf8) + Array(#""record":"#.utf8) + record.bytes
            parameters.append(UInt8(ascii: "}"))
        }
        return Array(#"{"parameters":"#.utf8) + parameters + Array(end.utf8) + [0]
    }
}

private struct Head: Decodable {
    let error: String?
    let continues: Bool?
}

private struct Body<Parameters: Decodable>: Decodable {
    let parameters: Parameters
}

private struct Failure: Codable {
    let error: String
    let parameters: [String: String]
}
