// SPDX-License-Identifier: Apache-2.0

/// A line that should be a record.
public struct RecordLine: Sendable {
    /// The file that it stands in.
    public let place: String
    /// From 1.
    public let number: Int
    /// nil where it is too long for a record.
    public let text: [UInt8]?

    /// See the fields.
    public init(place: String, number: Int, text: [UInt8]?) {
        self.place = place
        self.number = number
        self.text = text
    }

    private static let key = Array(#""ended":""#.utf8)

    /// Whether its ending was over before then, by a look at the place where that stands; false where it is not found.
    /// In text that users choose a quotation mark has a backslash before it, so that nobody can put the key there.
    /// - Parameter time: as `CivilText` has it.
    public func isOlder(than time: [UInt8]) -> Bool {
        guard let text, text.count > Self.key.count + time.count else { return false }
        // It is near the end of what Exeunt writes.
        for start in stride(from: text.count - Self.key.count - time.count, through: 0, by: -1)
        where text[start] == Self.key[0] && text[start...].starts(with: Self.key) {
            let found = text[(start + Self.key.count)...].prefix(time.count)
            return found.last == UInt8(ascii: "Z") && found.lexicographicallyPrecedes(time)
        }
        return false
    }
}
