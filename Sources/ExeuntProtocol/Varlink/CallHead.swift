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
        // try?: what it is instead is of no interest.
        guard let head = try? JSONDecoder().decode(Self.self, from: Data(message)) else { return nil }
        self = head
    }

    /// The part of `method` before the last dot.
    public var interface: String {
        method.lastIndex(of: ".").map { String(method[..<$0]) } ?? ""
    }
}
