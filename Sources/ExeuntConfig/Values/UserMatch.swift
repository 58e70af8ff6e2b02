// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// One word of a list of users: a user, or all members of a group.
public enum UserMatch: Hashable, Sendable, CustomStringConvertible {
    /// One user.
    case account(Account)
    /// The members of the group of this name.
    case group(String)

    /// As it is written: `alice`, `1000`, `@staff`.
    public var description: String {
        switch self {
        case .account(let account): account.description
        case .group(let name): "@\(name)"
        }
    }

    /// Reads one word.
    ///
    /// - Throws: `TextError` for what can be no user and no group.
    static func parse(_ text: String) throws(TextError) -> UserMatch {
        guard text.hasPrefix("@") else { return .account(try Account.parse(text)) }
        let name = String(text.dropFirst())
        guard Account.isName(name) else {
            throw TextError(what: "group", text: text, expected: "@ and the name of a group")
        }
        return .group(name)
    }
}
