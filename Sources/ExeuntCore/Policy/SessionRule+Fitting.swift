// SPDX-License-Identifier: Apache-2.0

extension SessionRule {
    /// Whether the conditions hold that are about sessions. A pattern fits nothing that the session does not have, not
    /// even `*` does.
    public func fits(_ login: LoginFacts) -> Bool {
        let hasClass = classes.isEmpty || classes.contains(login.sessionClass)
        let hasType = types.isEmpty || types.contains(login.type)
        return hasClass && hasType && Self.any(services, fits: login.service)
            && Self.any(terminals, fits: login.tty.map(Self.withoutDev))
            && Self.any(remoteHosts, fits: login.remoteHost, ignoringCase: true)
            && Self.any(displays, fits: login.display)
    }

    private static func any(_ patterns: [ShellPattern], fits text: String?, ignoringCase: Bool = false) -> Bool {
        if patterns.isEmpty { return true }
        guard let text, !text.isEmpty else { return false }
        return patterns.contains { $0.matches(text, ignoringCase: ignoringCase) }
    }

    /// Services differ in whether they say it.
    private static func withoutDev(_ terminal: String) -> String {
        terminal.hasPrefix("/dev/") ? String(terminal.dropFirst("/dev/".count)) : terminal
    }

    /// Whether it decides for the session as a whole: it fits it, and its conditions on users hold for the owner.
    func isAbout(_ subject: PolicySubject, _ accounts: some AccountLookup) -> Bool {
        guard isAboutSessions, fits(subject.login) else { return false }
        // try?: of whom nothing is known, nothing is changed.
        return (try? includes(subject.owner, accounts)) ?? false
    }

    /// Whether the conditions on users hold for this one.
    func includes(_ uid: UInt32, _ accounts: some AccountLookup) throws(LookupFailure) -> Bool {
        if !users.isEmpty, try users.first(meaning: uid, accounts) == nil { return false }
        if groups.isEmpty { return true }
        return try groups.map(UserMatch.group).first(meaning: uid, accounts) != nil
    }
}
