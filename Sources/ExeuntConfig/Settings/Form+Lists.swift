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
    static let users = words("users by name or number, and @groups", UserMatch.parse, text: \.description)
}

extension Form where Value == [String] {
    /// Files; a name with a blank is quoted.
    static let paths = words("absolute paths", hasEscapes: true, AbsolutePath.parse, text: quoted)

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

    private static func quoted(_ path: String) -> String {
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
}

extension Form where Value == [SessionTracker] {
    static let sessionTrackers = words(
        "cgroup, descent, audit, mark:NAME, group, user", SessionTracker.parse, text: \.description)
}
