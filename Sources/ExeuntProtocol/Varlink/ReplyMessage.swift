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
        let members = JSONMembers(message)
        if members.value(of: "error") != nil {
            let failure = try JSONDecoder().decode(Failure.self, from: Data(message))
            self = .failure(CallError(name: failure.error, parameters: failure.parameters))
            return
        }
        var reply = try JSONDecoder().decode(Body<Reply>.self, from: Data(message)).parameters
        // From here on it is known to be JSON.
        if let parameters = members.value(of: "parameters") { reply.record = RawJSON(of: "record", in: parameters) }
        let continues = members.value(of: "continues").map { $0.elementsEqual("true".utf8) } ?? false
        self = continues ? .continued(reply) : .last(reply)
    }

    private static func text(_ reply: Reply, _ end: String) throws -> [UInt8] {
        var parameters = try reply.encodedParameters()
        if let record = reply.record {
            parameters.removeLast()
            // One byte: the opening brace alone.
            parameters += Array((parameters.count > 1 ? "," : "").utf8) + Array(#""record":"#.utf8) + record.bytes
            parameters.append(UInt8(ascii: "}"))
        }
        return Array(#"{"parameters":"#.utf8) + parameters + Array(end.utf8) + [0]
    }
}

private struct Body<Parameters: Decodable>: Decodable {
    let parameters: Parameters
}

private struct Failure: Codable {
    let error: String
    let parameters: [String: String]

    init(error: String, parameters: [String: String]) {
        self.error = error
        self.parameters = parameters
    }

    /// Whatever else an error that is not known here has with it is of no use.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        error = try members.decode(String.self, forKey: .error)
        parameters = (try? members.decode([String: String].self, forKey: .parameters)) ?? [:]  // try?: see above
    }
}
