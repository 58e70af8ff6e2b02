// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// Findings on trust as text for people, or as JSON.
struct TrustReport {
    private let findings: [TrustFinding]
    private let uid: UInt32

    /// - Parameter uid: who looked, and reads it.
    init(_ findings: [TrustFinding], uid: UInt32) {
        self.findings = findings
        self.uid = uid
    }

    var isTrusted: Bool { findings.allSatisfy(\.isRight) }

    func json() throws -> [UInt8] {
        try TrustDocument(uid: uid, trusted: isTrusted, findings: findings.map(entry)).encoded()
    }

    /// Without a line feed at the end.
    func text() -> [UInt8] {
        Array(findings.map { text(of: entry(of: $0)) }.joined(separator: "\n").utf8)
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
            entry.found = role == .document ? "to be read: it is not executable" : nil
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
