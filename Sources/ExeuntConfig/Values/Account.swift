// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A user as the configuration names one; whether there is such a user is found out when it is needed.
public enum Account: Hashable, Sendable, CustomStringConvertible {
    /// By name.
    case name(String)
    /// By number.
    case uid(UInt32)

    /// As it is written.
    public var description: String {
        switch self {
        case .name(let name): name
        case .uid(let uid): String(uid)
        }
    }

    /// Reads a name or a number.
    ///
    /// - Throws: `TextError` for what cannot be either.
    static func parse(_ text: String) throws(TextError) -> Account {
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
            // 65535 and 4294967295 mean "no user" to system calls.
            guard let uid = UInt32(text), uid != 0xFFFF, uid != .max else {
                throw TextError(what: "user id", text: text, expected: "0 to 4294967294, and not 65535")
            }
            return .uid(uid)
        }
        guard isName(text) else { throw TextError(what: "user", text: text, expected: "a user's name or number") }
        return .name(text)
    }

    /// Whether account data bases can hold it: `:`, `/` and `,` have a meaning there, a leading `-` in commands.
    static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first != "-", text != ".", text != ".." else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar != ":" && scalar != "/" && scalar != "," && scalar != "@" && scalar != "=" && scalar.value > 0x20
                && scalar.value != 0x7F
        }
    }
}
