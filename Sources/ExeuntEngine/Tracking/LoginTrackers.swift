// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Looks for the members of a log-in's session, which descend from nobody in particular: its cgroup, its audit session,
/// and what else the configuration names.
final class LoginTrackers: SessionTracking {
    let trackers: [Tracker]
    let cgroup: Cgroup?
    private let login: LoginEnding
    private let table: ProcessTable
    private let scan: ScannedEvidence
    private let reader: MemberReader
    private let sessions: LoginCgroups
    private let protection: Protection
    private var leaving: LeavingLeader?
    /// Children of this process: keepers of hooks, readers of environments.
    private var notMembers: Set<Int32> = []

    init(_ login: LoginEnding, table: ProcessTable) throws(SystemError) {
        self.login = login
        self.table = table
        cgroup = try login.cgroup?.open()
        let wanted = login.trackers.filter { $0 != .cgroup || login.cgroup != nil }
        // Without any other way there still is the leader, as long as it lives.
        trackers = wanted.isEmpty ? [.descent] : wanted
        scan = ScannedEvidence(table: table, owner: login.owner)
        reader = MemberReader(
            table: table, keeper: CurrentProcess.pid, rules: login.rules)
        sessions = try LoginCgroups.locate()
        protection = Protection(exempt: try table.ancestry(), owner: login.owner)
        if let patience = login.leaderLeaves {
            leaderLeaves(since: login.leaderLeft ?? .now(), until: .now() + patience)
        }
    }

    /// Notes that the leader has closed the session, and until when it is left alone.
    func leaderLeaves(since: Instant, until: Instant) {
        guard let leader = login.leader else { return }
        leaving = LeavingLeader(leader, since: since, until: until, program: table.executableIdentity(leader.pid))
    }

    /// Moves a leader out of the session's cgroup that leaves by itself, where the cgroup is Exeunt's own. For that the kernel
    /// waits for all processors, 10 ms and more, unless another process was moved a moment ago.
    func moveLeaderOut() {
        guard login.leaderLeaves != nil, let cgroup = login.cgroup, cgroup.isOwn, let leader = login.leader else {
            return
        }
        // try?: whether it is still inside is what is asked next.
        guard let handle = try? ProcessHandle.open(pid: leader.pid), (try? isLeaderInside()) == true else { return }
        try? sessions.moveOut(handle)
    }

    /// Whether the leader, or what it has started since it closed the session, is in the session's cgroup.
    func isLeavingInside() throws(SystemError) -> Bool {
        guard let leader = try livingLeader(), let cgroup = login.cgroup else { return false }
        if try isLeaderInside() { return true }
        guard let leaving else { return false }
        // Whatever its children have started is where they are. A kernel that lists no children shows who is inside.
        var pids: [Int32] = []
        if try !table.appendChildren(of: leader.pid, threads: leader.threads, to: &pids) {
            try self.cgroup?.processes(into: &pids)
        }
        for pid in pids {
            guard let stat = try table.stat(pid), try leaving.hasStarted(stat, table) else { continue }
            if try sessions.isInside(pid, cgroup) { return true }
        }
        return false
    }

    private func isLeaderInside() throws(SystemError) -> Bool {
        guard let leader = try livingLeader(), let cgroup = login.cgroup else { return false }
        return try sessions.isInside(leader.pid, cgroup)
    }

    /// Whether this very process is in the session's cgroup, or one that has started it.
    func isInsideItself() throws(SystemError) -> Bool {
        guard let cgroup = login.cgroup else { return false }
        for process in protection.exempt where try sessions.isInside(process.pid, cgroup) { return true }
        return false
    }

    func removeCgroup() throws(SystemError) {
        guard login.cgroup?.isOwn == true, let cgroup else { return }
        // Whoever is dead to /proc may still be in it for a while on a host that is busy, and nobody else would remove it.
        guard try !cgroup.remove(patience: .seconds(5)) else { return }
        throw SystemError("remove", "cgroup \(cgroup.path)", .resourceBusy)
    }

    func observe(hasChildren: Bool, scanning: Bool) throws(SystemError) -> Observation {
        let leader = try livingLeader()
        if leader == nil, trackers == [.cgroup], try cgroup?.isPopulated() != true {
            return Observation(members: [], isCertain: true)
        }
        var listing = Listing(began: BootTicks.now())
        var hasVanished = false
        if trackers.contains(.cgroup) {
            var pids: [Int32] = []
            try cgroup?.processes(into: &pids)
            for pid in pids { listing.add(pid, .cgroup) }
            hasVanished = pids.isEmpty
        }
        if let leader { try addDescendants(of: leader, to: &listing) }
        // Whoever the cgroup shows is told, or killed, before the whole host is searched for others.
        let isWhole = scanning || listing.pids.allSatisfy { $0 == leader?.pid }
        if isWhole { try addScanned(to: &listing) }
        var members: [ObservedProcess] = []
        members.reserveCapacity(listing.pids.count)
        for pid in listing.pids where !notMembers.contains(pid) {
            guard let evidence = listing.evidence[pid] else { continue }
            if let stat = try table.stat(pid), !stat.isDead {
                if try leaving?.hasStarted(stat, table) == true { continue }
                if let member = try identify(stat, evidence, listing) {
                    members.append(member)
                    continue
                }
                // Somebody who is in the cgroup and no member.
                if try table.stat(pid)?.startTime == stat.startTime { continue }
            }
            hasVanished = hasVanished || evidence.contains(.cgroup)
        }
        let hasUnseen = hasVanished ? try hasUnseen(beside: members) : false
        // That nobody is left is not for a look to say that was not whole.
        if !isWhole, !hasUnseen, members.allSatisfy(staysOutside) {
            return try observe(hasChildren: hasChildren, scanning: true)
        }
        return Observation(members: members, isCertain: false, hasUnseen: hasUnseen)
    }

    /// Whether somebody is there whom no look shows: processes that fork and exit without pause, which nobody here reaps,
    /// show in no list for long enough to be looked at. The kernel counts them. Where the leader stays in the cgroup that
    /// proves nothing, and whoever has vanished counts.
    private func hasUnseen(beside members: [ObservedProcess]) throws(SystemError) -> Bool {
        guard members.allSatisfy(staysOutside), let cgroup else { return false }
        return try cgroup.isPopulated()
    }

    /// Whether the cgroup is not populated for this one's sake.
    private func staysOutside(_ member: ObservedProcess) -> Bool {
        member.identity == login.leader || member.isInOwnUnit
    }

    func isOwnChild(_ identity: ProcessIdentity) -> Bool { false }
    /// None of its members is a child of this process.
    func describeZombie(_ pid: Int32) throws(SystemError) -> ObservedProcess? { nil }
    func exclude(_ pid: Int32) { notMembers.insert(pid) }
    func noteReaped(_ pid: Int32) { notMembers.remove(pid) }

    private func livingLeader() throws(SystemError) -> ProcessStat? {
        guard let leader = login.leader, let stat = try table.stat(leader.pid), !stat.isDead,
            stat.startTime == leader.startTime
        else { return nil }
        return stat
    }

    /// The leader itself is a member wherever it is; below it is looked only where nothing stronger finds them.
    private func addDescendants(of leader: ProcessStat, to listing: inout Listing) throws(SystemError) {
        listing.add(leader.pid, .descent)
        guard trackers.contains(.descent) || cgroup == nil else { return }
        let below = try DescentTracker(table: table, keeper: leader.pid).descendants(beside: notMembers)
        // Its number is its own only if it still has it.
        guard try livingLeader() != nil else { return }
        for stat in below { listing.add(stat.pid, .descent) }
    }

    private func addScanned(to listing: inout Listing) throws(SystemError) {
        let scanned = trackers.filter { $0 != .cgroup && $0 != .descent }
        guard !scanned.isEmpty else { return }
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        let own = CurrentProcess.pid
        pids.removeAll { $0 == own || notMembers.contains($0) }
        for tracker in scanned {
            switch tracker {
            case .audit:
                // The cgroup is proof enough: for thousands of processes a second one costs as much as their end.
                let others = pids.filter { listing.evidence[$0]?.contains(.cgroup) != true }
                try scan.addAuditSession(login.auditSession, others, to: &listing)
            case .group: try scan.addGroup(of: login.leader?.pid, pids, to: &listing)
            case .user: scan.addUser(pids, to: &listing)
            case .mark:
                let mark = SessionMark(tracker, session: login.session)
                notMembers.formUnion(try scan.addMark(mark, pids, to: &listing))
            case .cgroup, .descent: break
            }
        }
    }

    /// The process behind `stat`, if the evidence was found for it and it may count as a member.
    private func identify(
        _ stat: ProcessStat, _ evidence: Evidence, _ listing: Listing
    ) throws(SystemError) -> ObservedProcess? {
        var evidence = evidence
        if !reader.wasListed(stat, in: listing) { evidence = try confirm(evidence, of: stat) }
        var isInOwnUnit = false
        if !evidence.contains(.cgroup) {
            switch try sessions.standing(of: stat.pid, beside: login.cgroup) {
            case .here: break
            // Without strong evidence it need not have come from here: the user has one manager for all her sessions.
            case .ownUnit where evidence.hasStrong: isInOwnUnit = true
            // A lease, and a session that was opened from within this one, carry its audit session and are not it.
            case .ownUnit, .elsewhere: return nil
            }
        }
        var process = try reader.describe(stat, evidence: evidence)
        process.isInOwnUnit = isInOwnUnit
        process.isLeaving = stat.isExiting || leaving?.isPart(stat, table) == true
        return protection.admits(process) ? process : nil
    }

    /// Takes the evidence of a very young process again, with its number held by a pidfd.
    private func confirm(_ evidence: Evidence, of stat: ProcessStat) throws(SystemError) -> Evidence {
        guard let handle = try ProcessHandle.open(pid: stat.pid) else { return [] }
        // Parent and group were read together with the start time.
        var confirmed = evidence.intersection([.descent, .group])
        if evidence.contains(.cgroup), let cgroup = login.cgroup, try sessions.isInside(stat.pid, cgroup) {
            confirmed.insert(.cgroup)
        }
        if evidence.contains(.audit), try table.auditSession(stat.pid) == login.auditSession {
            confirmed.insert(.audit)
        }
        if evidence.contains(.user), table.effectiveUID(stat.pid) == login.owner { confirmed.insert(.user) }
        if evidence.contains(.mark) {
            var again = Listing(began: 0)
            for case .mark(let name) in trackers {
                let mark = SessionMark(.mark(name: name), session: login.session)
                notMembers.formUnion(try scan.addMark(mark, [stat.pid], to: &again))
            }
            confirmed.formUnion(again.evidence[stat.pid] ?? [])
        }
        let same = try table.stat(stat.pid)?.startTime == stat.startTime
        return same && !handle.hasExited ? confirmed : []
    }
}
