// SPDX-License-Identifier: Apache-2.0

/// A text of the user's that cannot be read: what it should have been, and what it was.
public struct TextError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of thing that was expected, such as "duration".
    public let what: String
    /// The text itself.
    public let text: String
    /// What would be right.
    public let expected: String

    /// An error about `text`, which is no `what`; `expected` says what would be right.
    public init(what: String, text: String, expected: String) {
        self.what = what
        self.text = text
        self.expected = expected
    }

    /// One line for the user.
    public var description: String { "'\(Escaping.shown(text.utf8))' is not a valid \(what): expected \(expected)" }
}
