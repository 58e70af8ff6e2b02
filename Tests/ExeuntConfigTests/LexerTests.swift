// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntConfig

struct LexerTests {
    private func statements(_ bytes: [UInt8], _ hasContinuations: Bool = true) -> (texts: [String], faults: [String]) {
        let found = Lexer.read(ConfigurationFile(path: "f", bytes: bytes), hasContinuations: hasContinuations)
        var texts: [String] = []
        var faults: [String] = []
        for statement in found {
            switch statement.kind {
            case .section(let name): texts.append("\(statement.place.line) [\(name)]")
            case .assignment(let key, let value): texts.append("\(statement.place.line) \(key)=\(value)")
            case .fault(let message): faults.append("\(statement.place): \(message)")
            }
        }
        return (texts, faults)
    }

    @Test(arguments: [
        ("", []),
        ("[A]\nb=c\n", ["1 [A]", "2 b=c"]),
        ("[A]\nb=c", ["1 [A]", "2 b=c"]),
        ("\u{FEFF}[A]\r\nb = c \r\n\r\n", ["1 [A]", "2 b=c"]),
        ("# x\n; y\n  # z\n\t[ A ]\t\n", ["4 [A]"]),
        ("b=\n", ["1 b="]),
        ("b=c=d\n", ["1 b=c=d"]),
        ("b=c # no comment\n", ["1 b=c # no comment"]),
        ("b=c \\\n d\\\n  e\nf=g\n", ["1 b=c   d   e", "4 f=g"]),
        ("b=c\\\n# comment between\nd\n", ["1 b=c d"]),
        ("b=c\\\n\nf=g\n", ["1 b=c", "3 f=g"]),
        ("b=c\\\r\nd\r\n", ["1 b=c d"]),
        ("b=c\\\\\nf=g\n", ["1 b=c\\\\", "2 f=g"]),
        ("b=c\\", ["1 b=c"]),
        ("\\\nb=c\n", ["1 b=c"]),
        ("b=\u{301}x\n[Rule e\u{301}]\n", ["1 b=\u{301}x", "2 [Rule e\u{301}]"]),
    ])
    func statementsOf(text: String, expected: [String]) {
        let found = statements(Array(text.utf8))
        #expect(found.texts == expected)
        #expect(found.faults == [])
    }

    @Test func withoutContinuationsABackslashIsOne() {
        #expect(statements(Array("b=c\\\nd=e\n".utf8), false).texts == ["1 b=c\\", "2 d=e"])
    }

    @Test(arguments: [
        ("x", "f:1: 'x' is no assignment: expected KEY=VALUE, a [Section] or a # comment"),
        ("\n =x", "f:2: '=x' is no assignment: expected KEY=VALUE, a [Section] or a # comment"),
        ("a\\\nb", "f:1: 'a b' is no assignment: expected KEY=VALUE, a [Section] or a # comment"),
        ("[", "f:1: '[' is no section: expected a line such as [Payload]"),
        ("[]", "f:1: '[]' is no section: expected a line such as [Payload]"),
        ("[A", "f:1: '[A' is no section: expected a line such as [Payload]"),
        ("[A] x", "f:1: '[A] x' is no section: expected a line such as [Payload]"),
        ("[[A]]", "f:1: '[[A]]' is no section: expected a line such as [Payload]"),
        ("a=b\n# \0\n\0x", "f:2: there is a NUL byte; the file is no text, and is not read"),
        ("a=\u{1B}[1m", "f:1: the line holds the control character \\x1b, where only text is allowed"),
        ("a=b\rc=d", "f:1: the line holds the control character \\x0d, where only text is allowed"),
        ("a=\u{7F}", "f:1: the line holds the control character \\x7f, where only text is allowed"),
    ])
    func faultsOf(text: String, expected: String) {
        #expect(statements(Array(text.utf8)).faults == [expected])
    }

    @Test func whatIsNotUTF8IsShownEscaped() {
        let found = statements([0x61, 0x3D, 0xFF, 0xFE, 0x0A] + Array("b=c".utf8))
        #expect(found.faults == ["f:1: the line is not UTF-8: a=\\xff\\xfe"])
        #expect(found.texts == ["2 b=c"])
        // UTF-16, as some editors save it.
        #expect(statements([0xFF, 0xFE, 0x5B, 0x00]).faults.count == 1)
    }
}
