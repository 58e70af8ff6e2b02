// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Text of documents as it can be shown.
public enum ShownText {
    /// Documents have what users choose escaped; a backslash there stays one, whatever else could forge a line or a
    /// terminal is escaped still, should a document have it.
    public static func text(_ text: String) -> String {
        // Nearly all of it, in lists of thousands.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        return text.split(separator: "\\", omittingEmptySubsequences: false).map { Escaping.shown($0.utf8) }
            .joined(separator: "\\")
    }

    /// An absent text is empty.
    public static func text(_ text: String?) -> String { text.map { Self.text($0) } ?? "" }
}
