// SPDX-License-Identifier: Apache-2.0

/// Who may be able to change what root is going to run or to read: root, and whoever the configuration names.
public struct TrustRules: Hashable, Sendable {
    /// Root alone.
    public static let rootOnly = TrustRules()

    /// Users who are trusted as root is: they may own a component, and may be granted writing.
    public let users: [UInt32]
    /// Groups whose members are trusted as writers. Group 0 is none of them unless it is named.
    public let groups: [UInt32]

    /// Root is always trusted.
    public init(users: [UInt32] = [], groups: [UInt32] = []) {
        self.users = users
        self.groups = groups
    }

    /// As what a component is wanted.
    public enum Role: Hashable, Sendable {
        /// On the way to the file, or a directory of hooks.
        case directory
        /// To be read.
        case document
        /// To be executed.
        case program
    }

    /// Root's own uid among those of `users`.
    public func trusts(user: UInt32) -> Bool { user == 0 || users.contains(user) }

    /// What stands against this component, judged by itself; nil: nothing.
    public func objection(to facts: ComponentFacts, as role: Role) -> TrustRule? {
        if let objection = Self.kindObjection(to: facts.kind, as: role) { return objection }
        if !trusts(user: facts.owner) { return .owner(facts.owner) }
        let mayOthersWrite = facts.permissions & 0o002 != 0
        // Anybody may link a file of root's into such a directory, and choose its name there.
        if role == .directory, facts.permissions & 0o1000 != 0 { return .sticky(isOpen: mayOthersWrite) }
        if mayOthersWrite { return .othersWrite }
        if let objection = writerObjection(to: facts) { return objection }
        guard role == .program else { return nil }
        // It would run as somebody else than was said, and is for users to start.
        if facts.permissions & 0o6000 != 0 { return .setID }
        return facts.permissions & 0o111 == 0 ? .notExecutable : nil
    }

    private static func kindObjection(to kind: ComponentFacts.Kind, as role: Role) -> TrustRule? {
        switch (kind, role) {
        case (.directory, .directory), (.file, .document), (.file, .program): nil
        case (.link, _): .link
        case (_, .directory): .notDirectory
        case (_, .document), (_, .program): .notFile
        }
    }

    /// With an access list, the group's bits of the mode are its mask, and say nothing about who may write.
    private func writerObjection(to facts: ComponentFacts) -> TrustRule? {
        guard let list = facts.accessList else {
            let mayGroupWrite = facts.permissions & 0o020 != 0
            return mayGroupWrite && !groups.contains(facts.group) ? .groupWrite(facts.group) : nil
        }
        for writer in list.writers {
            switch writer {
            case .owningGroup where !groups.contains(facts.group): return .groupWrite(facts.group)
            case .user(let uid) where !trusts(user: uid): return .accessList(list.dialect, writer)
            case .group(let gid) where !groups.contains(gid): return .accessList(list.dialect, writer)
            case .everyone, .named: return .accessList(list.dialect, writer)
            case .owningGroup, .user, .group: continue
            }
        }
        return nil
    }
}
