// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Looks for the members of a payload's session in all the ways that were chosen.
final class SessionTrackers: SessionTracking {
    private(set) var choice: TrackerChoice.Choice
    /// The leader's pid, process group and audit session, once it has been born.
    private var leader: Leader?
    private let sessionID: String
    private let owner: UInt32
    private let table: ProcessTable
    private let scan: ScannedEvidence
    private let reader: MemberReader
    private let descent: DescentTracker
    private let keeper = CurrentProcess.pid
    /// Children of this process that have nothing to do with the session: earlier ones, and readers of Exeunt's own that
    /// were killed while the kernel kept them in a read of somebody's memory.
    private var notMembers: Set<Int32>
    private var lastScan: MonotonicInstant?
    /// Whether orphans of the leader's group have exited since the last look that no look has shown.
    private var groupHasExited = false
    /// Read when the first member is found: most payloads leave none, and their start should not wait for it.
    private var surroundings: Surroundings?

    private struct Leader {
        let pid: Int32
        let auditSession: UInt32?
    }

    /// Made by the process that keeps the session: descent is counted from it.
    ///
    /// - Parameters:
    ///   - owner: the uid for whose processes weak evidence counts.
    ///   - earlierChildren: children that this process had before there was a session.
    init(
        choice: TrackerChoice.Choice, session id: String, owner: UInt32, rules: [Rule], table: ProcessTable,
        earlierChildren: Set<Int32>
    ) {
        notMembers = earlierChildren
        self.choice = choice
        sessionID = id
        self.owner = owner
        self.table = table
        scan = ScannedEvidence(table: table, owner: owner)
        reader = MemberReader(table: table, keeper: keeper, rules: rules)
        descent = DescentTracker(table: table, keeper: keeper)
    }

    private var tracksDescent: Bool { choice.trackers.contains(.descent) }

    var trackers: [Tracker] { choice.trackers }
    var cgroup: Cgroup? { choice.cgroup }

    func removeCgroup() throws(SystemError) { _ = try cgroup?.remove() }

    /// Notes the leader, which the group and audit trackers start from.
    func begin(leader pid: Int32) throws(SystemError) {
        let audit = choice.trackers.contains(.audit) ? try table.auditSession(pid) : nil
        leader = Leader(pid: pid, auditSession: audit)
        // Weak evidence can point at the caller, who is an ancestor only for as long as the front lives.
        if choice.trackers.contains(where: { !$0.isStrong }) { _ = try look() }
    }

    /// Gives the cgroup up for what can be had without it.
    func dropCgroup() { choice = TrackerChoice.Choice(trackers: TrackerChoice.withoutCgroup, cgroup: nil) }

    func observe(hasChildren: Bool, scanning: Bool) throws(SystemError) -> Observation {
        if try isCertain(hasChildren: hasChildren) { return Observation(members: [], isCertain: true) }
        var listing = Listing(began: BootTicks.now())
        var members: [ObservedProcess] = []
        var pids: [Int32] = []
        try choice.cgroup?.processes(into: &pids)
        for pid in pids { listing.add(pid, .cgroup) }
        // Whoever is in the cgroup is found, and who has got out of it shows as an orphan sooner or later.
        let descendants = tracksDescent ? try descent.descendants(beside: notMembers.union(pids)) : []
        for stat in descendants { listing.add(stat.pid, .descent) }
        if scanning || listing.pids.isEmpty && !tracksDescent {
            do throws(SystemError) {
                try addScanned(to: &listing)
            } catch {
                // A fork bomb leaves no process for a reader of environments; whoever has been found already is what
                // keeps it from being one.
                if listing.pids.isEmpty { throw error }
            }
        }
        var stats: [Int32: ProcessStat] = [:]
        for stat in descendants { stats[stat.pid] = stat }
        members.reserveCapacity(listing.pids.count)
        for pid in listing.pids {
            guard let evidence = listing.evidence[pid] else { continue }
            let known = stats[pid]
            let stat = if known == nil { try table.stat(pid) } else { known }
            guard let stat, !stat.isDead else { continue }
            if let member = try identify(stat, evidence, listing) { members.append(member) }
        }
        defer { groupHasExited = false }
        return Observation(members: members, isCertain: false, hasUnseen: groupHasExited && members.isEmpty)
    }

    func isOwnChild(_ identity: ProcessIdentity) -> Bool { reader.isOwnChild(identity) }

    func describeZombie(_ pid: Int32) throws(SystemError) -> ObservedProcess? {
        if notMembers.contains(pid) { return nil }
        let process = try reader.describeZombie(pid, leaf: choice.cgroup == nil ? nil : look().leafPath)
        // By the other trackers' evidence it need not have been a member.
        let counts = tracksDescent || choice.trackers.contains(.group)
        if counts, let process, let leader, process.group == leader.pid, pid != leader.pid,
            !reader.hasSeen(process.identity)
        {
            groupHasExited = true
        }
        return process
    }

    func exclude(_ pid: Int32) { notMembers.insert(pid) }

    func noteReaped(_ pid: Int32) { notMembers.remove(pid) }

    /// Whether the kernel's own word is enough: a scan can miss somebody, these two cannot.
    private func isCertain(hasChildren: Bool) throws(SystemError) -> Bool {
        for tracker in choice.trackers {
            switch tracker {
            case .cgroup: if try choice.cgroup?.isPopulated() == true { return false }
            case .descent: if hasChildren { return false }
            case .audit, .mark, .group, .user: return false
            }
        }
        return true
    }

    /// Audit session, process group and mark have to be looked for among all processes.
    private func addScanned(to listing: inout Listing) throws(SystemError) {
        let scanned = choice.trackers.filter { $0 != .cgroup && $0 != .descent }
        guard !scanned.isEmpty else { return }
        // They cost a walk through all of /proc, so they complete what has been found without them, once a second.
        let now = MonotonicInstant.now()
        if let lastScan, !listing.pids.isEmpty, now < lastScan + .seconds(1) { return }
        lastScan = now
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        pids.removeAll { $0 == keeper }
        for tracker in scanned {
            switch tracker {
            case .audit: try scan.addAuditSession(leader?.auditSession, pids, to: &listing)
            case .group: try scan.addGroup(of: leader?.pid, pids, to: &listing)
            case .mark: try addMark(tracker, pids, to: &listing)
            // Payloads run beside others of the same user.
            case .cgroup, .descent, .user: break
            }
        }
    }

    private func addMark(_ tracker: Tracker, _ pids: [Int32], to listing: inout Listing) throws(SystemError) {
        let mark = SessionMark(tracker, session: sessionID)
        notMembers.formUnion(try scan.addMark(mark, pids, to: &listing))
    }

    /// The process behind `stat`, if the evidence was found for it and it may count as a member.
    private func identify(
        _ stat: ProcessStat, _ evidence: Evidence, _ listing: Listing
    ) throws(SystemError) -> ObservedProcess? {
        var evidence = evidence
        if tracksDescent && stat.parent == keeper && !notMembers.contains(stat.pid) { evidence.insert(.descent) }
        if !reader.wasListed(stat, in: listing) { evidence = try confirm(evidence, of: stat) }
        let process = try reader.describe(stat, evidence: evidence)
        let around = try look()
        let isOther = evidence.hasStrong ? false : try around.others.holds(stat)
        return around.protection.admits(process, otherSession: isOther) ? process : nil
    }

    /// Takes the evidence of a very young process again, with its number held by a pidfd.
    private func confirm(_ evidence: Evidence, of stat: ProcessStat) throws(SystemError) -> Evidence {
        guard let handle = try ProcessHandle.open(pid: stat.pid) else { return [] }
        var confirmed: Evidence = []
        if evidence.contains(.cgroup), try table.cgroupPath(stat.pid)?.starts(with: look().leafPath) == true {
            confirmed.insert(.cgroup)
        }
        // Parent, group and start time were read together.
        confirmed.formUnion(evidence.intersection([.descent, .group]))
        if evidence.contains(.audit), try table.auditSession(stat.pid) == leader?.auditSession {
            confirmed.insert(.audit)
        }
        if evidence.contains(.mark) { confirmed.formUnion(try confirmMark(of: stat.pid)) }
        let same = try table.stat(stat.pid)?.startTime == stat.startTime
        return same && !handle.hasExited ? confirmed : []
    }

    private func confirmMark(of pid: Int32) throws(SystemError) -> Evidence {
        var listing = Listing(began: 0)
        for tracker in choice.trackers { try addMark(tracker, [pid], to: &listing) }
        return listing.evidence[pid] ?? []
    }

    private func look() throws(SystemError) -> Surroundings {
        if let surroundings { return surroundings }
        let found = try Surroundings(
            table: table, session: sessionID, owner: owner, hasLeaf: choice.cgroup != nil)
        surroundings = found
        return found
    }
}
