// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What is wrong with a file of JSON: which file it is, and what in it.
public struct DocumentFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, for people.
    public let place: String
    /// What is wrong there.
    public let what: String

    /// A fault of this file.
    public init(_ place: String, _ what: String) {
        self.place = place
        self.what = what
    }

    /// What a decoder has found.
    public init(_ place: String, _ error: DecodingError) { self.init(place, Self.text(error)) }

    /// `read FILE: WHAT`.
    public var description: String { "read \(place): \(what)" }

    private static func text(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(name(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(name(context.codingPath)) has no value"
        case .typeMismatch(_, let context): "\(name(context.codingPath)) is of another type than it should be"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is no JSON, was cut, or has a number that is too large"
                : "\(name(context.codingPath)) has a value that cannot be"
        @unknown default: "it cannot be understood"
        }
    }

    /// `leader.pid`, `command[3]`; the whole file where nothing in it is named.
    private static func name(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return text.isEmpty ? "the whole" : "'\(Escaping.shown(text.utf8))'"
    }
}
