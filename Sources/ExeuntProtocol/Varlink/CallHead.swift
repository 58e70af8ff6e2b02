// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// What every call has, whatever its method.
public struct CallHead: Decodable, Hashable, Sendable {
    /// With its interface, such as `io.exeunt.Sessions.List`.
    public let method: String
    /// The caller takes more than one reply.
    public let more: Bool
    /// The caller takes no reply.
    public let oneway: Bool

    private enum CodingKeys: CodingKey { case method, more, oneway }

    /// As `Decodable`.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        method = try members.decode(String.self, forKey: .method)
        more = try members.decodeIfPresent(Bool.self, forKey: .more) ?? false
        oneway = try members.decodeIfPresent(Bool.self, forKey: .oneway) ?? false
    }

    /// nil when the message is no call: nothing that came from this peer can be believed then.
    public init?(decoding message: [UInt8]) {
        if let plain = PlainCall(message), let head = Self(plain) {
            self = head
            return
        }
        guard let head = Self.decoded(message) else { return nil }
        self = head
    }

    /// Whatever it is like.
    static func decoded(_ message: [UInt8]) -> CallHead? {
        // try?: what it is instead is of no interest.
        try? JSONDecoder().decode(Self.self, from: Data(message))
    }

    private init?(_ call: PlainCall) {
        guard case .text(let method)? = call.head["method"] else { return nil }
        self.method = method
        switch call.head["more"] {
        case .truth(let truth): more = truth
        case nil, .null: more = false
        default: return nil
        }
        switch call.head["oneway"] {
        case .truth(let truth): oneway = truth
        case nil, .null: oneway = false
        default: return nil
        }
    }

    /// The part of `method` before the last dot.
    public var interface: String {
        method.lastIndex(of: ".").map { String(method[..<$0]) } ?? ""
    }
}
