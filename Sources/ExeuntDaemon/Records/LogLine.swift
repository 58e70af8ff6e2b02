// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol

/// A line for the log: a few words, and `KEY=VALUE` fields. What users choose is escaped, so that a line is one.
struct LogLine {
    private let words: String
    private(set) var fields: [(key: String, value: String)] = []

    init(_ words: String) { self.words = words }

    /// About a session or a lease.
    init(_ words: String, _ session: TrackedSession) {
        self.init(words)
        add(session.lease == nil ? "session" : "lease", session.id)
        add("uid", "\(session.owner)")
        add("user", session.facts.user)
        if let lease = session.lease {
            add("session", lease.session)
        } else {
            add("class", session.facts.sessionClass.rawValue)
            add("type", session.facts.type.rawValue)
            add("service", session.facts.service)
            add("tty", session.facts.tty)
            add("display", session.facts.display)
            add("host", session.facts.remoteHost)
        }
        add("leader", session.leader.map { "\($0.pid)" })
    }

    /// About a process that an ending has come across.
    init(_ member: Member, of session: String) {
        let process = member.process
        self.init("process \(member.outcome.word)")
        add("session", session)
        add("pid", "\(process.identity.pid)")
        add("uid", process.owner.map(String.init))
        add("program", bytes: process.executable ?? process.name)
        add("evidence", process.evidence.words.joined(separator: ","))
        add("step", member.outcome.step?.rawValue)
        add("rule", member.rule)
        if case .survived(let why) = member.outcome { add("why", why) }
    }

    /// About a hook that has failed.
    init(_ hook: HookOutcome, of session: String) {
        self.init("hook failed")
        add("session", session)
        add("phase", hook.phase.rawValue)
        add("path", bytes: hook.path)
        if hook.isTimedOut { add("why", "its time was over") }
        switch hook.end {
        case .exited(let code): add("exit", "\(code)")
        case .signalled(let number): add("signal", "\(number)")
        case .notRun(let why), .unknown(let why): add("why", why)
        }
    }

    mutating func add(_ key: String, _ value: String?) {
        if let value { add(key, bytes: Array(value.utf8)) }
    }

    private mutating func add(_ key: String, bytes: [UInt8]) { fields.append((key, Escaping.shown(bytes))) }

    var text: String { ([words] + fields.map { "\($0.key)=\(Self.quoted($0.value))" }).joined(separator: " ") }

    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return value }
        return "\"\(value.replacing("\"", with: "\\x22"))\""
    }
}
