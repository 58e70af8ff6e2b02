// SPDX-License-Identifier: Apache-2.0

/// One way of finding the members of a session, as named by `--track` and `Track=`.
public enum Tracker: Hashable, Sendable {
    /// A control group of the session's own, cgroups(7).
    case cgroup
    /// Parenthood, with the keeper as subreaper, prctl(2) `PR_SET_CHILD_SUBREAPER`.
    case descent
    /// The kernel audit session id, `/proc/PID/sessionid`.
    case audit
    /// An environment variable of this name with the session's value.
    case mark(name: String)
    /// The leader's process group and kernel session.
    case group
    /// The owner's uid; only for sessions of log-ins.
    case user

    /// The environment variable that every payload carries.
    public static let sessionMark = "EXEUNT_SESSION"

    /// The evidence it yields.
    public var evidence: Evidence {
        switch self {
        case .cgroup: .cgroup
        case .descent: .descent
        case .audit: .audit
        case .mark: .mark
        case .group: .group
        case .user: .user
        }
    }

    /// Whether its evidence is of a kind that a process cannot forge.
    public var isStrong: Bool { evidence.hasStrong }

    /// Reads one or more trackers, separated by blanks or commas.
    ///
    /// - Throws: `TextError` that names the word that is wrong and those that would be right.
    public static func parse(_ text: String) throws(TextError) -> [Tracker] {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" })
        guard !words.isEmpty else { throw TextError(what: "tracker", text: text, expected: choices) }
        var trackers: [Tracker] = []
        for word in words {
            let tracker = try parse(word: String(word))
            if !trackers.contains(tracker) { trackers.append(tracker) }
        }
        return trackers
    }

    private static let choices = "cgroup, descent, mark:NAME, group or audit"

    private static func parse(word: String) throws(TextError) -> Tracker {
        switch word {
        case "cgroup": return .cgroup
        case "descent": return .descent
        case "audit": return .audit
        case "group": return .group
        default:
            guard word.hasPrefix("mark:") else { throw TextError(what: "tracker", text: word, expected: choices) }
            let name = word.dropFirst("mark:".count)
            guard !name.isEmpty, !name.contains("="), !name.utf8.contains(0) else {
                throw TextError(what: "tracker", text: word, expected: "mark: and the name of an environment variable")
            }
            return .mark(name: String(name))
        }
    }
}

extension Tracker: CustomStringConvertible {
    /// The word by which it is asked for.
    public var description: String {
        if case .mark(let name) = self { return "mark:\(name)" }
        return evidence.words.joined()
    }
}
