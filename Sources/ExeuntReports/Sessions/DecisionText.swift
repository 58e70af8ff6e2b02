// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// What would happen to each member of a session if it ended now, and what has decided that.
public struct DecisionText {
    private let reply: ShowCall.Reply
    private let nameOf: (UInt32) -> String?

    /// - Parameter nameOf: the name of a user; nil shows the number.
    public init(_ reply: ShowCall.Reply, nameOf: @escaping (UInt32) -> String?) {
        self.reply = reply
        self.nameOf = nameOf
    }

    /// The session's own decision, a table of processes, and what it sums up to.
    public var lines: [String] {
        let session = reply.session
        let whose = "session \(ShownText.text(session.id)) of \(ShownText.text(session.user))"
        let head = Self.decision(reply).map { "\(whose): left-overs \($0)" } ?? whose
        if reply.members.isEmpty { return [head, "no member is left"] }
        var table = TextTable([
            .init("ACTION"), .init("RULE"), .init("PID", isNumber: true), .init("USER"), .init("PROGRAM"),
        ])
        for member in MemberTree(reply.members).entries.map(\.member) {
            table.add([
                .init(member.action.rawValue), .init(ShownText.text(member.rule)), .init(String(member.pid)),
                .init(member.user(nameOf)), .init(member.program),
            ])
        }
        return [head] + table.lines(hasColour: false) + [sum]
    }

    /// What happens to members that no rule is about; nil where the daemon does not tell.
    static func decision(_ reply: ShowCall.Reply) -> String? {
        let why = reply.why.map { " (\(ShownText.text($0)))" } ?? ""
        return reply.action.map { action in
            switch action {
            case .end: "are ended\(why)"
            case .keep: "live on\(why)"
            case .report: "are reported\(why)"
            }
        }
    }

    private var sum: String {
        func count(_ action: MemberDescription.Action) -> Int { reply.members.count { $0.action == action } }
        return "\(count(.end)) would be ended, \(count(.keep)) kept, \(count(.report)) reported"
    }
}
