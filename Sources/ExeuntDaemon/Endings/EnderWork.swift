// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// What a process does that ends a session: it asks the configuration what is to happen, and does it.
struct EnderWork {
    let session: TrackedSession
    let order: EnderOrder
    let settings: Configuration
    /// Whether there are leases that were taken in it and remain.
    var hasLeases = false
    let log: SessionLog
    let files: EndingFiles
    /// The process that has forked this one.
    let daemon = CurrentProcess.pid

    /// - Returns: the exit code of the process.
    func run(_ link: EnderLink) -> Int32 {
        do {
            guard let file = try files.begin(session.id) else { return 0 }
            // Another daemon finds no file where this one was killed before, and has begun anew. A file that was there is
            // all that tells of the one who made it, and may have run hooks.
            guard CurrentProcess.parent == daemon else {
                if file.isNew { try files.remove(session.id) }
                return 0
            }
            var ending = try self.ending()
            if !file.isNew { ending.isTakenOver = true }
            let rules = ending.rules
            let audience = EnderAudience(file, log, session) { record in keptUntil(record, rules) }
            return ending.run(link, for: audience)
        } catch {
            log.failed(session.id, error)
            return 1
        }
    }

    func ending() throws -> LoginEnding {
        var ending = LoginEnding(
            session: session.id, owner: session.owner, facts: session.facts,
            leader: session.lease == nil ? session.leader : nil, cgroup: session.cgroup,
            auditSession: session.lease == nil ? session.auditSession : nil, opened: session.opened,
            reason: order.reason)
        ending.leaderLeaves = order.leaderLeaves
        ending.leaderLeft = order.leaderLeft
        ending.isHurried = order.isForced
        ending.isTakenOver = order.isTakenOver
        let policy = settings.sessionPolicy
        let subject = self.subject()
        let decision = policy.decide(subject, HostAccounts())
        ending.ladder = decision.ladder
        ending.unkillable = decision.unkillable
        ending.trackers = decision.trackers
        ending.mode = decision.mode == .report ? .report : .end
        // A lease has been decided about, and where everybody is spared the one rule for that is the reason.
        ending.ownUnits = session.lease != nil || decision.mode == .spare ? nil : decision.ownUnits
        ending.rules = try rules(policy, subject, decision, ending).after(order.elapsed)
        ending.hasLeases = hasLeases
        ending.sparedBefore = session.kept
        do {
            ending.hooks = try hooks()
        } catch {
            // Nobody lives on for want of a hook; the log has the reason.
            log.failed(session.id, error)
        }
        return ending
    }
}
