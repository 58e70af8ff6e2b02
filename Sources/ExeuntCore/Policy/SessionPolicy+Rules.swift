// SPDX-License-Identifier: Apache-2.0

extension SessionPolicy {
    /// The rules that the ending of this session applies to processes, in their order.
    ///
    /// - Parameters:
    ///   - decision: what `decide` says of the session; where it is spared, one rule keeps everybody.
    ///   - users: the uids that its processes run as. Who belongs to a group is found out for these, the owner and root;
    ///     nobody else fits a rule that asks for a group.
    ///   - program: the file at a path; nil if there is none.
    public func rules(
        for subject: PolicySubject, _ decision: SessionDecision, users: Set<UInt32>, _ accounts: some AccountLookup,
        program: (String) -> ExecutableIdentity?
    ) -> [Rule] {
        if decision.mode == .spare { return [.keepAll(decision.reason)] }
        return rules.compactMap { rule in
            guard rule.fits(subject.login) else { return nil }
            var made = Rule(name: rule.name, action: rule.action, minimumAge: rule.minimumAge)
            made.lasting = rule.action == .keep ? rule.lasting : nil
            if !rule.executables.isEmpty {
                made.programs = Rule.Programs(
                    identities: Set(rule.executables.compactMap(program)),
                    paths: Set(rule.executables.map { Array($0.utf8) }))
            }
            if !rule.users.isEmpty || !rule.groups.isEmpty {
                let owners = rule.owners(among: users.union([subject.owner, 0]), accounts)
                if owners.isEmpty { return nil }
                made.owners = owners
            }
            return made
        }
    }

    /// Whether rules name groups, so that it has to be known who runs processes before they are made.
    public var rulesNameGroups: Bool {
        rules.contains { rule in
            !rule.groups.isEmpty
                || rule.users.contains { if case .group = $0 { true } else { false } }
        }
    }
}

extension SessionRule {
    /// The uids for which its conditions on users hold. Where that cannot be found out, the rule includes whom it would
    /// spare and not whom it would end.
    fileprivate func owners(among candidates: Set<UInt32>, _ accounts: some AccountLookup) -> Set<UInt32> {
        var all = candidates
        for case .uid(let uid) in users { all.insert(uid) }
        for case .name(let name) in users {
            // try?: whoever it is, if it is a candidate it is looked up below, and that failure counts.
            if let uid = (try? accounts.uid(ofUser: name)) ?? nil { all.insert(uid) }
        }
        return all.filter { uid in
            do throws(LookupFailure) {
                return try includes(uid, accounts)
            } catch {
                return action != .end
            }
        }
    }
}
