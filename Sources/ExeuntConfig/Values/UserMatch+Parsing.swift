// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension UserMatch {
    /// Reads one word.
    ///
    /// - Throws: `TextError` for what can be no user and no group.
    static func parse(_ text: String) throws(TextError) -> UserMatch {
        if text == "*" { return .everybody }
        guard text.hasPrefix("@") else {
            switch try Account.parse(text) {
            case .name(let name): return .name(name)
            case .uid(let uid): return .uid(uid)
            }
        }
        let name = String(text.dropFirst())
        guard Account.isName(name) else {
            throw TextError(what: "group", text: text, expected: "@ and the name of a group")
        }
        return .group(name)
    }
}

extension RunPolicy.Pair {
    /// Reads one word, `CALLER:TARGET`.
    ///
    /// - Throws: `TextError` for what can be no pair, and for root as target.
    static func parse(_ text: String) throws(TextError) -> RunPolicy.Pair {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts.contains(""), !parts.contains("*") else {
            throw TextError(what: "pair", text: text, expected: "CALLER:TARGET, such as @grid:pool01")
        }
        let target = try UserMatch.parse(parts[1])
        guard target != .uid(0), target != .name("root"), target != .group("root") else {
            throw TextError(what: "pair", text: text, expected: "another target than root")
        }
        return RunPolicy.Pair(caller: try UserMatch.parse(parts[0]), target: target)
    }
}
