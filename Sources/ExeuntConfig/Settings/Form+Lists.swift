// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Form {
    /// A list of words that are each read by `element`.
    fileprivate static func words<Element: Sendable>(
        _ accepts: String, hasEscapes: Bool = false,
        _ element: @escaping @Sendable (String) throws(TextError) -> Element,
        text: @escaping @Sendable (Element) -> String
    ) -> Form where Value == [Element] {
        Form(accepts: accepts) { list throws(TextError) in
            var elements: [Element] = []
            for word in try Words.split(list, hasEscapes: hasEscapes) { elements.append(try element(word)) }
            return elements
        } text: { elements in
            elements.map(text).joined(separator: " ")
        }
    }
}

extension Form where Value == [UserMatch] {
    static let users = words(
        "users by name or number, @groups, and * for everybody", UserMatch.parse, text: \.description)
}

extension Form where Value == [RunPolicy.Pair] {
    static let pairs = words("pairs CALLER:TARGET", RunPolicy.Pair.parse, text: \.description)
}

extension Form where Value == [ShellPattern] {
    /// Patterns for names of this kind; one with a blank is quoted.
    static func patterns(_ kind: String, removing prefix: String = "") -> Form {
        words(
            "patterns of \(kind) with * and ?", hasEscapes: true,
            { word throws(TextError) in
                let pattern = word.hasPrefix(prefix) ? String(word.dropFirst(prefix.count)) : word
                guard !pattern.isEmpty else {
                    throw TextError(what: "pattern", text: word, expected: "at least one character")
                }
                return ShellPattern(pattern)
            }, text: { Form<[String]>.quoted($0.description) })
    }
}

extension Form {
    /// Words of an enumeration, `accepted` of them.
    static func choices<Element>(_ what: String, _ accepted: [Element]) -> Form
    where Value == [Element], Element: RawRepresentable & Sendable, Element.RawValue == String {
        let names = accepted.map(\.rawValue).joined(separator: ", ")
        return words(
            names,
            { word throws(TextError) in
                guard let element = accepted.first(where: { $0.rawValue == word }) else {
                    throw TextError(what: what, text: word, expected: "one of \(names)")
                }
                return element
            }, text: \.rawValue)
    }
}

extension Form where Value == [String] {
    /// Files; a name with a blank is quoted.
    static let paths = words("absolute paths", hasEscapes: true, AbsolutePath.parse, text: quoted)

    static let groups = words(
        "names of groups",
        { word throws(TextError) in
            // A number would be taken for the name of a group that nobody has.
            guard Account.isName(word), !word.utf8.allSatisfy({ (48...57).contains($0) }) else {
                throw TextError(what: "group", text: word, expected: "a group's name, without @")
            }
            return word
        }, text: { $0 })

    /// Names as logind.conf(5) has them: any words at all.
    static let names = words("names of users", { $0 }, text: { $0 })

    /// Names as gLExec has them: separated by commas, or by blanks.
    static func separated(_ accepts: String) -> Form {
        Form(accepts: accepts) { text in
            text.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }).map(String.init)
        } text: {
            $0.joined(separator: ",")
        }
    }

    fileprivate static func quoted(_ path: String) -> String {
        guard path.contains(where: { " \t'\"\\".contains($0) }) else { return path }
        return "\"" + path.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] } + "\""
    }
}

extension Form where Value == [Tracker] {
    static let trackers = words(
        "cgroup, descent, audit, mark:NAME, group",
        { word throws(TextError) in
            try Tracker.parse(word)[0]
        }, text: \.description)

    /// Those of sessions, which have one more.
    static let sessionTrackers = words(
        "cgroup, descent, audit, mark:NAME, group, user",
        { word throws(TextError) in
            if word == Tracker.user.description { return .user }
            do throws(TextError) {
                return try Tracker.parse(word)[0]
            } catch {
                throw TextError(what: error.what, text: error.text, expected: error.expected + ", or user")
            }
        }, text: \.description)
}
