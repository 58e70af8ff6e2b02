// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// One JSON object that somebody else has encoded, and that is passed on as it is.
public struct RawJSON: Hashable, Sendable {
    /// The text, without a byte below 0x20: it can stand inside any other object, and in one line.
    public let bytes: [UInt8]

    /// nil when that is no JSON object in one line: a damaged file must not break the message it is put into.
    public init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}"), !bytes.contains(where: { $0 < 0x20 })
        else { return nil }
        // try?: why it is no JSON is of no interest.
        guard (try? JSONDecoder().decode(AnyObject.self, from: Data(bytes))) != nil else { return nil }
        self.bytes = bytes
    }

    /// The value of a key in an object, as it stands there.
    /// - Parameter object: valid JSON; in other text something else is found, or nothing.
    public init?(of key: String, in object: some Collection<UInt8>) {
        guard let value = JSONMembers(Array(object)).value(of: key) else { return nil }
        self.init(value)
    }

    /// Any object: the decoder has read the whole text when it comes here.
    private struct AnyObject: Decodable {
        enum Keys: CodingKey {}
        init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: Keys.self) }
    }
}
