// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Paths that can mean one place only, as far as their text goes.
enum AbsolutePath {
    /// The path as it is.
    ///
    /// - Throws: `TextError` unless it is absolute and has no empty component, `.` or `..`.
    static func parse(_ text: String) throws(TextError) -> String {
        let components = text.split(separator: "/", omittingEmptySubsequences: false)
        let isCanonical = components.dropFirst().allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        // PATH_MAX, limits.h, holds the NUL, too.
        guard text.hasPrefix("/"), isCanonical, text.utf8.count < 4096 else {
            throw TextError(
                what: "path", text: text, expected: "an absolute path without '//', '.', '..' and a '/' at its end")
        }
        return text
    }
}
