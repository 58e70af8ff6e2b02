// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Takes a file apart into sections and assignments: the syntax of systemd.syntax(7), which the INI files of gLExec
/// share except for continuation lines. Everything is done on bytes: as characters, a combining accent would hide the
/// `=` before it.
struct Lexer {
    private let file: ConfigurationFile
    private let hasContinuations: Bool
    private var statements: [Statement] = []

    /// The statements in order, and among them the lines that are none. A file that is no text is one fault.
    /// - Parameter hasContinuations: whether a backslash at the end of a line joins it with the next one.
    static func read(_ file: ConfigurationFile, hasContinuations: Bool) -> [Statement] {
        var lexer = Lexer(file: file, hasContinuations: hasContinuations)
        if let place = file.bytes.firstIndex(of: 0) {
            let line = file.bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
            lexer.fault(Place(file: file.path, line: line), "there is a NUL byte; the file is no text, and is not read")
        } else {
            lexer.run()
        }
        return lexer.statements
    }

    private init(file: ConfigurationFile, hasContinuations: Bool) {
        self.file = file
        self.hasContinuations = hasContinuations
    }

    private mutating func run() {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = file.bytes.dropFirst(file.bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0)
        var joined: [UInt8] = []
        var first = 0
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            // Comments may stand between a line and its continuation.
            if let start = Self.trimmed(line).first, start == UInt8(ascii: "#") || start == UInt8(ascii: ";") {
                continue
            }
            if joined.isEmpty { first = index + 1 }
            joined += line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if hasContinuations, Self.continues(joined) {
                joined[joined.count - 1] = UInt8(ascii: " ")
                continue
            }
            take(Self.trimmed(joined[...]), Place(file: file.path, line: first))
            joined = []
        }
        take(Self.trimmed(joined[...]), Place(file: file.path, line: first))
    }

    /// Whether the last backslash escapes the end of the line and not a backslash.
    private static func continues(_ line: [UInt8]) -> Bool {
        let backslashes = line.reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        return backslashes % 2 == 1
    }

    private mutating func take(_ line: ArraySlice<UInt8>, _ place: Place) {
        guard let start = line.first else { return }
        if let wrong = line.first(where: { $0 < 0x20 && $0 != UInt8(ascii: "\t") || $0 == 0x7F }) {
            let shown = Escaping.shown([wrong])
            fault(place, "the line holds the control character \(shown), where only text is allowed")
        } else if String(validating: line, as: UTF8.self) == nil {
            fault(place, "the line is not UTF-8: \(Escaping.shown(line.prefix(60)))")
        } else if start == UInt8(ascii: "[") {
            takeSection(line, place)
        } else {
            takeAssignment(line, place)
        }
    }

    private mutating func takeSection(_ line: ArraySlice<UInt8>, _ place: Place) {
        let name = Self.trimmed(line.dropFirst().dropLast())
        guard line.count > 1, line.last == UInt8(ascii: "]"), !name.isEmpty, !name.contains(where: Self.isBracket)
        else {
            let shown = Escaping.shown(line.prefix(60))
            fault(place, "'\(shown)' is no section: expected a line such as [Payload]")
            // What follows belongs to a section that nobody knows.
            statements.append(Statement(kind: .section(""), place: place))
            return
        }
        statements.append(Statement(kind: .section(Self.text(name)), place: place))
    }

    private mutating func takeAssignment(_ line: ArraySlice<UInt8>, _ place: Place) {
        let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        let key = Self.trimmed(parts[0])
        guard parts.count == 2, !key.isEmpty else {
            fault(
                place,
                "'\(Escaping.shown(line.prefix(60)))' is no assignment: expected KEY=VALUE, a [Section] or a # comment")
            return
        }
        let kind = Statement.Kind.assignment(key: Self.text(key), value: Self.text(Self.trimmed(parts[1])))
        statements.append(Statement(kind: kind, place: place))
    }

    private mutating func fault(_ place: Place, _ message: String) {
        statements.append(Statement(kind: .fault(message), place: place))
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = bytes.drop(while: isBlank)
        return start.prefix(start.count - start.reversed().prefix(while: isBlank).count)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isBracket(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
