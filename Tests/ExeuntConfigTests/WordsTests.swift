// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

@testable import ExeuntConfig

struct WordsTests {
    @Test(arguments: [
        ("", []),
        (" a\tb  c ", ["a", "b", "c"]),
        ("'a b' \"c d\"e", ["a b", "c de"]),
        ("\"it's\" ''", ["it's", ""]),
        ("a\\ b c\\sd \"\\\"\" \\\\", ["a b", "c d", "\"", "\\"]),
    ])
    func split(text: String, words: [String]) throws {
        #expect(try Words.split(text, hasEscapes: true) == words)
    }

    @Test func withoutEscapesABackslashIsPartOfTheName() throws {
        #expect(try Words.split("DOMAIN\\alice 'b\\'", hasEscapes: false) == ["DOMAIN\\alice", "b\\"])
    }

    @Test(arguments: [
        ("'a", "a closing '"), ("a \"b", "a closing \""), ("a\\", "one of \\\\ \\' \\\" \\s after a backslash"),
        ("a\\n", "one of \\\\ \\' \\\" \\s after a backslash"),
    ])
    func refuses(text: String, expected: String) {
        #expect(throws: TextError(what: "list", text: text, expected: expected)) {
            try Words.split(text, hasEscapes: true)
        }
    }

    @Test(arguments: [
        ("Laddre", "Ladder"), ("ladder", "Ladder"), ("Timeout", "TimeoutSec"), ("Time", nil),
        ("TimeoutSecs", "TimeoutSec"),
        ("Unkillable", "UnkillableSec"), ("Xyzzy", nil),
    ])
    func suggestions(word: String, nearest: String?) {
        #expect(Suggestion.nearest(to: word, among: ["Ladder", "TimeoutSec", "UnkillableSec", "A"]) == nearest)
    }
}
