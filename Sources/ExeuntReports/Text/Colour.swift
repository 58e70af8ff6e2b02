// SPDX-License-Identifier: Apache-2.0

/// What a word on a terminal can be coloured with.
public enum Colour: Int, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36

    func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
