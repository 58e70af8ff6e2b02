// SPDX-License-Identifier: Apache-2.0

/// Names a session: 60 random bits, so that it is never used twice, in letters and digits that cannot be misread.
public enum SessionID {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// Whether it can be one.
    public static func isValid(_ text: String) -> Bool {
        text.utf8.count == 12 && text.allSatisfy(alphabet.contains)
    }

    /// A new id of twelve characters.
    public static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        var bits = generator.next()
        var id = ""
        for _ in 0..<12 {
            id.append(alphabet[Int(bits & 31)])
            bits >>= 5
        }
        return id
    }
}
