// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// One session: the facts, and the tree of its members.
public struct SessionText {
    private let reply: ShowCall.Reply
    private let zone: LocalZone
    private let nameOf: (UInt32) -> String?

    /// - Parameter nameOf: the name of a user; nil shows the number.
    public init(_ reply: ShowCall.Reply, zone: LocalZone, nameOf: @escaping (UInt32) -> String?) {
        self.reply = reply
        self.zone = zone
        self.nameOf = nameOf
    }

    /// The facts, a line for each that there is; then a table.
    public func lines(hasColour: Bool) -> [String] {
        let facts = facts(hasColour)
        let width = facts.reduce(0) { max($0, $1.0.count) } + 2
        let rows = facts.map { $0.0 + String(repeating: " ", count: width - $0.0.count) + $0.1 }
        if reply.members.isEmpty { return rows + ["", "no member is left"] }
        return rows + [""] + members
    }

    private func facts(_ hasColour: Bool) -> [(String, String)] {
        let session = reply.session
        let state = SessionTable.state(of: session, zone)
        let since = "\(zone.shown(session.opened)), \(QuantityText.age(session.seconds)) ago"
        let from = [
            session.remoteUser.map { "\(ShownText.text($0)) at" }, session.remoteHost.map { ShownText.text($0) },
        ]
        let facts: [(String, String?)] = [
            ("session", ShownText.text(session.id)), ("user", "\(ShownText.text(session.user)) (\(session.owner))"),
            ("class", ShownText.text(session.class)), ("type", ShownText.text(session.type)),
            ("service", ShownText.text(session.service)), ("tty", session.tty.map { ShownText.text($0) }),
            ("display", session.display.map { ShownText.text($0) }),
            ("from", session.remoteHost == nil ? nil : from.compactMap { $0 }.joined(separator: " ")),
            ("leader", String(session.leader)), ("since", since),
            ("state", hasColour ? SessionTable.colour(session.state).applied(to: state) : state),
            ("kept until", session.state == .kept ? nil : session.keptUntil.map { zone.shown($0) }),
            ("cgroup", session.cgroup.map { ShownText.text($0) }),
            ("tracked by", session.trackers.map { ShownText.text($0) }.joined(separator: " ")),
            ("left-overs", DecisionText.decision(reply)),
        ]
        return facts.compactMap { name, value in value.map { (name, $0) } }
    }

    private var members: [String] {
        var table = TextTable([
            .init("PID", isNumber: true), .init("USER"), .init("EVIDENCE"), .init("CPU", isNumber: true),
            .init("MEMORY", isNumber: true), .init("AGE", isNumber: true), .init("ACTION"), .init("RULE"),
            .init("PROGRAM"),
        ])
        for entry in MemberTree(reply.members).entries {
            let member = entry.member
            table.add([
                .init(String(member.pid)), .init(member.user(nameOf)),
                .init(member.evidence.map { ShownText.text($0) }.joined(separator: ",")),
                .init(member.cpuSeconds.map(QuantityText.processorTime) ?? ""),
                .init(member.memoryBytes.map(QuantityText.memory) ?? ""),
                .init(member.seconds.map(QuantityText.age) ?? ""), .init(member.action.rawValue),
                .init(ShownText.text(member.rule)),
                .init(String(repeating: "  ", count: min(entry.depth, 40)) + member.program),
            ])
        }
        return table.lines(hasColour: false)
    }
}

extension MemberDescription {
    /// The program, or, where that could not be read, the name that it has given itself, in brackets.
    var program: String { executable.map { ShownText.text($0) } ?? "[\(ShownText.text(name))]" }

    /// The name of its user, or her number.
    func user(_ nameOf: (UInt32) -> String?) -> String {
        uid.map { uid in ShownText.text(nameOf(uid) ?? String(uid)) } ?? ""
    }
}
