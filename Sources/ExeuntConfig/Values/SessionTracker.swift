// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A way of finding the members of a log-in session, as `Track=` of `[Session]` names it.
public enum SessionTracker: Hashable, Sendable, CustomStringConvertible {
    /// One that payloads have as well.
    case tracker(Tracker)
    /// Every process of the session's owner.
    case user

    /// As it is written.
    public var description: String {
        switch self {
        case .tracker(let tracker): tracker.description
        case .user: "user"
        }
    }

    /// Reads one word.
    ///
    /// - Throws: `TextError` that names the words that would be right.
    static func parse(_ text: String) throws(TextError) -> SessionTracker {
        if text == "user" { return .user }
        do throws(TextError) {
            return .tracker(try Tracker.parse(text)[0])
        } catch {
            throw TextError(what: error.what, text: error.text, expected: error.expected + ", or user")
        }
    }
}
