// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The words of a list: separated by blanks, quoted with ' or " where they hold some (systemd.syntax(7)).
enum Words {
    /// - Parameter hasEscapes: whether a backslash takes the next character as it is (`\s` is a blank); otherwise it
    ///   stands for itself, as in DOMAIN\user.
    static func split(_ text: String, hasEscapes: Bool) throws(TextError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Unicode.Scalar?
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\" where hasEscapes:
                word = (word ?? "") + String(try escaped(rest.popFirst(), in: text))
            case quote:
                quote = nil
            case "'" where quote == nil, "\"" where quote == nil:
                quote = scalar
                word = word ?? ""
            case " " where quote == nil, "\t" where quote == nil:
                if let word { words.append(word) }
                word = nil
            default:
                word = (word ?? "") + String(Character(scalar))
            }
        }
        if let quote { throw error(text, "a closing \(quote)") }
        return words + (word.map { [$0] } ?? [])
    }

    private static func escaped(_ scalar: Unicode.Scalar?, in text: String) throws(TextError) -> Character {
        switch scalar {
        case "s": return " "
        case "\\", "'", "\"", " ": return Character(scalar ?? " ")
        default: throw error(text, "one of \\\\ \\' \\\" \\s after a backslash")
        }
    }

    private static func error(_ text: String, _ expected: String) -> TextError {
        TextError(what: "list", text: text, expected: expected)
    }
}
