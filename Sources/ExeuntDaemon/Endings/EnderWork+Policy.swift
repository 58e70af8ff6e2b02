// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntEngine
import LinuxSystem

extension EnderWork {
    /// Whose session it is, and who has asked for its end. Looks for the owner's user record.
    func subject() -> PolicySubject {
        // Whoever has taken a lease is asked to give it back whatever the lists say: it has had its time.
        PolicySubject(
            owner: session.owner, login: session.facts, killProcesses: UserRecord.killProcesses(of: session.facts.user),
            isAsked: order.isAsked || session.lease != nil)
    }

    /// What the configuration says of the session.
    func decision() -> SessionDecision { settings.sessionPolicy.decide(subject(), HostAccounts()) }

    /// What it says of single processes.
    func rules(
        _ policy: SessionPolicy, _ subject: PolicySubject, _ decision: SessionDecision, _ ending: LoginEnding
    ) throws -> [Rule] {
        // Rules are for what a session leaves behind. A lease has been decided about, and whoever ends what was kept, or
        // will not wait, means everybody.
        if session.lease != nil || order.isForced || order.isAsked && order.isRepeated { return [] }
        var users: Set<UInt32> = []
        if policy.rulesNameGroups {
            let members = try ending.preview(try ProcessTable())
            users = Set(members.compactMap(\.process.owner))
        }
        return policy.rules(for: subject, decision, users: users, HostAccounts()) { path in
            // try?: a program that is not there is run by nobody, or its file has gone and its path counts.
            (try? FileIdentity.of(path: path)).map { ExecutableIdentity(device: $0.device, inode: $0.inode) }
        }
    }

    /// Hooks run around the end of a session, and not again when what it has left has had its time.
    func hooks() throws -> HookSetup? {
        let hooks = settings.hooks
        guard hooks.areAny, session.lease == nil, !order.isRepeated else { return nil }
        return try HookSetup(hooks)
    }

    /// Until when the first of those that this ending has kept may stay.
    func keptUntil(_ record: EndingRecord, _ rules: [Rule]) -> Instant? {
        let names = Set(record.processes.filter { $0.outcome == .kept }.compactMap(\.rule))
        let over = session.over ?? .now()
        return rules.nextExpiry(after: order.elapsed, of: names).map { over + $0 }
    }
}
