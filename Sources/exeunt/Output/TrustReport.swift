// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// Findings on trust as text for people, or as JSON.
struct TrustReport {
    private let findings: [TrustFinding]
    let faults: [String]
    private let plan: EndingPlan?
    private let loginPlan: EndingPlan?
    private let uid: UInt32

    /// - Parameters:
    ///   - faults: what else is wrong; a line for each.
    ///   - plan: how the ending of a payload goes, where that was asked for.
    ///   - loginPlan: likewise of a log-in's session.
    ///   - uid: who looked, and reads it.
    init(
        _ findings: [TrustFinding], faults: [String] = [], plan: EndingPlan? = nil,
        loginPlan: EndingPlan? = nil, uid: UInt32
    ) {
        self.findings = findings
        self.faults = faults
        self.plan = plan
        self.loginPlan = loginPlan
        self.uid = uid
    }

    var isTrusted: Bool { faults.isEmpty && findings.allSatisfy(\.isRight) }

    func json() throws -> [UInt8] {
        var document = TrustDocument(uid: uid, trusted: isTrusted, faults: faults, findings: findings.map(entry))
        document.bound = plan.map(Self.bound)
        document.loginBound = loginPlan.map(Self.bound)
        return try document.encoded()
    }

    private static func bound(_ plan: EndingPlan) -> TrustDocument.Bound {
        TrustDocument.Bound(
            total: plan.bound, hooks: plan.hooks.bound, ladder: plan.ladder.graces, unkillable: plan.unkillable,
            leader: plan.leaderBound)
    }

    /// Without a line feed at the end.
    func text() -> [UInt8] {
        let lines =
            findings.map { text(of: entry(of: $0)) }
            + [
                plan.map { Self.text(of: $0, "a payload") }, loginPlan.map { Self.text(of: $0, "a log-in's session") },
            ].compactMap(\.self)
        return Array(lines.joined(separator: "\n").utf8)
    }

    private static func text(of plan: EndingPlan, _ whose: String) -> String {
        let count = plan.hooks.before + plan.hooks.after
        let parts = [
            count == 0 ? nil : "\(DurationText.text(plan.hooks.bound)) for \(count) hook\(count == 1 ? "" : "s")",
            "\(DurationText.text(plan.ladder.graces)) for the ladder",
            "\(DurationText.text(plan.unkillable)) after KILL",
            plan.leaderLeaves == nil ? nil : "\(DurationText.text(plan.leaderBound)) for a leader that stays",
        ]
        let sum = parts.compactMap { $0 }.joined(separator: ", ")
        return "The ending of \(whose) takes at most \(DurationText.text(plan.bound)): \(sum)."
    }

    private func text(of entry: TrustDocument.Entry) -> String {
        guard entry.state == "refused" else {
            let note = entry.found.map { " (\($0))" } ?? ""
            return "\(entry.state == "trusted" ? "trusted    " : "skipped    ")  \(entry.path)\(note)"
        }
        let margin = "\n             "
        var text = "not trusted  \(entry.path)\(margin)\(entry.component ?? entry.path) \(entry.found ?? "")"
        if let remedy = entry.remedy {
            text += "\(margin)-> \(remedy.what)"
            if let command = remedy.command { text += ":\(margin)   \(command)" }
        }
        return text
    }

    private func entry(of finding: TrustFinding) -> TrustDocument.Entry {
        let path = Escaping.shown(finding.path)
        switch finding.state {
        case .trusted(let role):
            var entry = TrustDocument.Entry(path: path, state: "trusted")
            entry.use = Self.use(of: role)
            entry.found = role == .document ? "to be read" : nil
            return entry
        case .skipped(let reason):
            var entry = TrustDocument.Entry(path: path, state: "skipped")
            entry.found = Self.text(of: reason)
            return entry
        case .unlisted(let error):
            var entry = TrustDocument.Entry(path: path, state: "refused")
            entry.found = "cannot be listed: \(error.errno.message) [\(error.errno.name)]"
            entry.errno = error.errno.name
            return entry
        case .refused(let refusal): return self.entry(of: refusal, path)
        }
    }

    private func entry(of refusal: TrustRefusal, _ path: String) -> TrustDocument.Entry {
        var entry = TrustDocument.Entry(path: path, state: "refused")
        entry.component = Escaping.shown(refusal.component)
        entry.rule = refusal.rule.name
        // Who is not root is not told whether there is nothing or nothing for him, here as everywhere else.
        if uid != 0, case .unseen = refusal.rule {
            entry.component = path
            entry.found = "is not there, or is not for this user to look at"
            return entry
        }
        entry.found = refusal.rule.finding
        entry.errno = refusal.rule.errno?.name
        entry.remedy = DoctorDocument.Remedy(what: refusal.remedy.what, command: refusal.remedy.command)
        return entry
    }

    private static func use(of role: TrustRules.Role) -> String {
        switch role {
        case .program: "execute"
        case .document: "read"
        case .directory: "list"
        }
    }

    private static func text(of reason: TrustedDirectory.Skipped.Reason) -> String {
        switch reason {
        case .name: "no hook by its name: only letters, digits, '_' and '-' are"
        case .directory: "a directory"
        case .notExecutable: "not executable"
        }
    }
}
