// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

struct EscapingTests {
    @Test(arguments: [
        ("sleep", "sleep"), ("", ""), ("a b", "a b"), ("x) S 1", "x) S 1"), ("(sd-pam)", "(sd-pam)"),
        ("line\nbreak", #"line\x0abreak"#), ("tab\t", #"tab\x09"#), ("back\\slash", #"back\x5cslash"#),
        ("\u{1B}[31m", #"\x1b[31m"#), ("del\u{7F}", #"del\x7f"#), ("nul\0", #"nul\x00"#), ("größe", "größe"),
        ("日本", "日本"), ("😀", "😀"), ("c1\u{85}", #"c1\xc2\x85"#), ("rtl\u{202E}", #"rtl\xe2\x80\xae"#),
        ("sep\u{2028}", #"sep\xe2\x80\xa8"#), ("zero\u{200B}", #"zero\xe2\x80\x8b"#),
    ])
    func shows(text: String, shown: String) { #expect(Escaping.shown(text.utf8) == shown) }

    @Test(
        arguments: [
            ([0x80], #"\x80"#), ([0xFF, 0x41], #"\xffA"#), ([0xC3], #"\xc3"#), ([0xC3, 0x41], #"\xc3A"#),
            ([0xC0, 0xAF], #"\xc0\xaf"#), ([0xE0, 0x80, 0xAF], #"\xe0\x80\xaf"#),
            ([0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
            ([0xF4, 0x90, 0x80, 0x80], #"\xf4\x90\x80\x80"#), ([0xF0, 0x9F, 0x98], #"\xf0\x9f\x98"#),
        ] as [([UInt8], String)])
    func showsWhatIsNotUTF8(bytes: [UInt8], shown: String) { #expect(Escaping.shown(bytes) == shown) }
}
