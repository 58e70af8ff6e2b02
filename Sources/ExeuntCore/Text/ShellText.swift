// SPDX-License-Identifier: Apache-2.0

/// Text for a command line that can be copied as it is.
public enum ShellText {
    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,=".unicodeScalars)
    private static let unsafe: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]

    /// The word as a shell reads it back. Characters that could forge what a reader sees are written in the way that
    /// bash, zsh and ksh know.
    public static func quoted(_ word: String) -> String {
        let scalars = word.unicodeScalars
        if !word.isEmpty, scalars.allSatisfy(plain.contains) { return word }
        guard scalars.contains(where: { unsafe.contains($0.properties.generalCategory) }) else {
            return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
        }
        return quoted(escaping: word.utf8)
    }

    /// Likewise, for bytes that need not be UTF-8.
    public static func quoted(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self).map(quoted) ?? quoted(escaping: bytes)
    }

    private static func quoted(escaping bytes: some Sequence<UInt8>) -> String {
        let bytes = bytes.map { byte in
            let digits = String(byte, radix: 16)
            return byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\")
                ? String(Unicode.Scalar(byte)) : "\\x" + (digits.count == 1 ? "0" : "") + digits
        }
        return "$'" + bytes.joined() + "'"
    }
}
