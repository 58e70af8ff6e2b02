// SPDX-License-Identifier: Apache-2.0

extension SessionPolicy {
    /// What happens to what this session leaves behind.
    ///
    /// The order is logind's: somebody has asked for the end, the owner's user record, `KillExcludeUsers=`,
    /// `KillOnlyUsers=`, `KillUserProcesses=`. What would be ended by anything but a request is only reported where
    /// `KillUserProcesses=report`. A list that cannot be looked up, and would decide, makes it a report as well: nobody
    /// is killed by a guess.
    public func decide(_ subject: PolicySubject, _ accounts: some AccountLookup) -> SessionDecision {
        let (mode, reason) = judge(subject, accounts)
        let ofClass = classes[subject.login.sessionClass]
        let ofRules = rules.filter { $0.changesSessions && $0.isAbout(subject, accounts) }
        let trackers = [ofRules.first { !$0.trackers.isEmpty }?.trackers, ofClass?.trackers].compactMap(\.self)
        return SessionDecision(
            mode: mode, reason: reason,
            ladder: ofRules.lazy.compactMap(\.ladder).first ?? ofClass?.ladder ?? ladder,
            unkillable: ofRules.lazy.compactMap(\.unkillable).first ?? ofClass?.unkillable ?? unkillable,
            trackers: trackers.first { !$0.isEmpty } ?? self.trackers,
            ownUnits: ownUnits(subject.login.sessionClass, ofRules))
    }

    private func ownUnits(_ subjectClass: SessionClass, _ ofRules: [SessionRule]) -> Ruling {
        for rule in ofRules {
            if let action = rule.ownUnits { return Self.ownUnits(action, " of [Rule \(rule.name)]") }
        }
        if let action = classes[subjectClass]?.ownUnits {
            return Self.ownUnits(action, " of [Class \(subjectClass.rawValue)]")
        }
        return Self.ownUnits(ownUnits, "")
    }

    private static func ownUnits(_ action: Rule.Action, _ section: String) -> Ruling {
        Ruling(action, rule: "OwnUnits=\(action.rawValue)\(section)")
    }

    private typealias Judgement = (mode: SessionDecision.Mode, reason: String)

    private func judge(_ subject: PolicySubject, _ accounts: some AccountLookup) -> Judgement {
        if subject.isAsked { return (.end, "asked for") }
        let subjectClass = subject.login.sessionClass
        let classPolicy = classes[subjectClass]?.killUserProcesses
        let isReport = (classPolicy ?? killUserProcesses) == .report
        if let kills = subject.killProcesses {
            let reason = "killProcesses of the user record"
            return kills ? ending(reason, isReport) : (.spare, reason)
        }
        do throws(LookupFailure) {
            if let word = try excludedUsers.first(meaning: subject, accounts) {
                return (.spare, text(.killExcludeUsers, word.description))
            }
        } catch {
            return (.report, "\(text(.killExcludeUsers, "")): \(error)")
        }
        do throws(LookupFailure) {
            guard onlyUsers.isEmpty else {
                guard let word = try onlyUsers.first(meaning: subject, accounts) else {
                    return (.spare, "not in \(text(.killOnlyUsers, ""))")
                }
                return ending(text(.killOnlyUsers, word.description), isReport)
            }
        } catch {
            return (.report, "\(text(.killOnlyUsers, "")): \(error)")
        }
        let reason =
            classPolicy.map { "KillUserProcesses=\($0.rawValue) of [Class \(subjectClass.rawValue)]" }
            ?? text(.killUserProcesses, killUserProcesses.rawValue)
        switch classPolicy ?? killUserProcesses {
        case .yes: return (.end, reason)
        case .no: return (.spare, reason)
        case .report: return (.report, reason)
        }
    }

    private func ending(_ reason: String, _ isReport: Bool) -> Judgement {
        isReport ? (.report, "\(reason), KillUserProcesses=report") : (.end, reason)
    }

    private func text(_ key: Key, _ value: String) -> String {
        "\(key.rawValue)=\(value)" + (fromLogind.contains(key) ? " (logind.conf)" : "")
    }
}

extension [UserMatch] {
    /// The first word that means the owner. Her name need not be looked up: it is the one that she has logged in with.
    fileprivate func first(
        meaning subject: PolicySubject, _ accounts: some AccountLookup
    ) throws(LookupFailure) -> UserMatch? {
        if let word = first(where: { $0 == .name(subject.login.user) }) { return word }
        return try first(meaning: subject.owner, accounts)
    }
}
