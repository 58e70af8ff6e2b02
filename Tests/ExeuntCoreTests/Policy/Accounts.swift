// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A host's users and groups: root 0, alice 1000 and bob 1001 in staff, carol 1002 in students.
struct Accounts: AccountLookup {
    var users: [String: UInt32] = ["root": 0, "alice": 1000, "bob": 1001, "carol": 1002, "pool01": 2001]
    var groups: [String: Set<UInt32>] = ["staff": [1000, 1001], "students": [1002], "pool": [2001, 0]]
    /// Whose databases do not answer.
    var silent: Set<String> = []

    func uid(ofUser name: String) throws(LookupFailure) -> UInt32? {
        if silent.contains(name) { throw LookupFailure("user \(name)") }
        return users[name]
    }

    func isUser(_ uid: UInt32, inGroup name: String) throws(LookupFailure) -> Bool {
        if silent.contains(name) { throw LookupFailure("group \(name)") }
        return groups[name]?.contains(uid) ?? false
    }

    func name(ofUser uid: UInt32) throws(LookupFailure) -> String? { users.first { $0.value == uid }?.key }
}

/// A log-in of alice's by ssh, unless something else is said.
func subject(
    _ user: String = "alice", _ change: (inout PolicySubject) -> Void = { _ in }
) -> PolicySubject {
    let login = LoginFacts(user: user, type: .tty, service: "sshd", tty: "pts/3", remoteHost: "lab7.example.org")
    var subject = PolicySubject(owner: Accounts().users[user] ?? 65534, login: login)
    change(&subject)
    return subject
}

func policy(_ change: (inout SessionPolicy) -> Void) -> SessionPolicy {
    var policy = SessionPolicy()
    change(&policy)
    return policy
}

func rule(_ name: String = "r", _ change: (inout SessionRule) -> Void) -> SessionRule {
    var rule = SessionRule()
    rule.name = name
    change(&rule)
    return rule
}
