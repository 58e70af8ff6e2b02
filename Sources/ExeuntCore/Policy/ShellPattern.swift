// SPDX-License-Identifier: Apache-2.0

/// A pattern as shells have it: `*` is any text, none included, `?` is one character, and all else is itself.
public struct ShellPattern: Hashable, Sendable, CustomStringConvertible {
    /// As it is written.
    public let description: String

    /// The pattern that is written like this; there is none that is wrong.
    public init(_ text: String) { description = text }

    /// Whether all of `text` is what the pattern describes.
    ///
    /// Texts come from users (host names, displays), so that it takes no longer than the product of the two lengths.
    ///
    /// - Parameter ignoringCase: whether letters of ASCII are the same in both cases, as in names of hosts.
    public func matches(_ text: String, ignoringCase: Bool = false) -> Bool {
        let pattern = Self.scalars(description, ignoringCase)
        let text = Self.scalars(text, ignoringCase)
        var (place, next) = (0, 0)
        // Where the last star stands, and how much of the text it takes: only the last one ever has to take more.
        var star: (pattern: Int, text: Int)?
        while next < text.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, next)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == text[next] {
                place += 1
                next += 1
            } else if let (known, taken) = star {
                star = (known, taken + 1)
                (place, next) = (known + 1, taken + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }

    private static func scalars(_ text: String, _ ignoringCase: Bool) -> [Unicode.Scalar] {
        guard ignoringCase else { return Array(text.unicodeScalars) }
        return text.unicodeScalars.map { ("A"..."Z").contains($0) ? Unicode.Scalar(UInt8($0.value) + 32) : $0 }
    }
}
