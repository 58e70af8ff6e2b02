// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// Log-ins of which PAM modules could not tell: there was no daemon, or it could not answer in time.
extension Daemon {
    /// A module that has given up waiting may have been heard all the same, so that notes are looked at a little later.
    private static let noteDelay = Duration.seconds(2)

    /// Looks for notes from here on.
    func watchNotes() throws {
        let arrivals = try DirectoryWatch(pending.path)
        noteWatch = arrivals
        try loop.watch(arrivals.descriptor, for: .read) { [self] _ in
            noting(nil) { try arrivals.clear() }
            scheduleNotes()
        }
    }

    /// Does what the notes say, and takes them away.
    func adoptNotes() {
        noting(nil) {
            var notes = try PendingNotes(pending, unreadable, failed: { log.failed(nil, $0) })
            // First: a leader that has closed one session may have opened the next one.
            close(notes.closed)
            var adopted: [(TrackedSession, WatchedProcess?)] = []
            for note in notes.openings {
                do {
                    guard try isOwnerKnown(note) else {
                        notes.postpone(note.id)
                        continue
                    }
                    if let found = try session(of: note, beside: adopted.map(\.0)) { adopted.append(found) }
                } catch {
                    log.failed(note.id, error)
                    if Shortage.isBehind(error) { notes.postpone(note.id) }
                }
            }
            // An ending may begin at once, and must find everybody in the cgroup.
            noting(nil) { try moveLateArrivals(of: adopted.map(\.0)) }
            for (session, process) in adopted {
                if let process { begin(session, process) } else { feed(.opened(session)) }
            }
            close(notes.closed)
            for id in unstored { notes.postpone(id) }
            notes.remove { log.failed(nil, $0) }
            // Names may mean somebody else tomorrow.
            if lookedUp.isEmpty { namedUsers = [:] }
            if notes.isIncomplete { scheduleNotes() }
        }
    }

    /// Moves whoever these sessions have started already into their cgroups.
    func moveLateArrivals(of sessions: [TrackedSession]) throws {
        var arrivals = try LateArrivals(sessions, table, cgroups) { [self] id, error in log.failed(id, error) }
        try arrivals.move()
    }

    private func close(_ ids: [String]) {
        for id in ids where registry[id]?.state == .active {
            feed(.closed(id, leaderLeaves: EnderOrder.leaderPatience))
        }
    }

    /// Whether it is known who has logged in; if not, somebody is sent to find out, and the note is looked at again.
    ///
    /// - Throws: where there is nobody of that name.
    private func isOwnerKnown(_ note: PendingNote) throws -> Bool {
        if note.call.uid != nil { return true }
        let user = note.call.user
        switch namedUsers[user] {
        case .found: return true
        case .nobody:
            throw SystemError("look up", "user \(Escaping.shown(user.utf8))", .noSuchFileOrDirectory)
        case .unknown, nil: break
        }
        guard lookedUp.insert(user).inserted else { return false }
        try lookUp(user) { [self] answer in
            lookedUp.remove(user)
            namedUsers[user] = answer
            scheduleNotes()
        }
        return false
    }

    private func owner(of note: PendingNote) -> UInt32? {
        if let uid = note.call.uid { return uid }
        guard case .found(let uid)? = namedUsers[note.call.user] else { return nil }
        return uid
    }

    private func scheduleNotes() {
        guard noteTimer == nil else { return }
        noting(nil) {
            noteTimer = try loop.schedule(at: MonotonicInstant.now() + Self.noteDelay) { [self] in
                noteTimer = nil
                adoptNotes()
            }
        }
    }

    /// The session that a note speaks of, and its leader if that lives; nil for one that is known, or inside another one.
    private func session(
        of note: PendingNote, beside others: [TrackedSession]
    ) throws -> (TrackedSession, WatchedProcess?)? {
        guard note.bootID == ledger.bootID, registry[note.id] == nil, registry.session(ledBy: note.leader) == nil else {
            return nil
        }
        guard let owner = owner(of: note) else { return nil }
        let process = try living(note.leader, nil)
        let shown = process == nil ? "" : try cgroups.shownPath(of: note.leader.pid)
        if let process, let stat = try table.stat(process.handle.pid),
            try surrounding(stat, shown, note.auditSession) != nil
        {
            return nil
        }
        // What somebody has who has it still is not what this log-in has begun.
        if let audit = note.auditSession, registry.session(auditedAs: audit) != nil { return nil }
        if try others.contains(where: { try isInside(note, $0) }) { return nil }
        // Where the leader is now is the kernel's word; where it was is the note's, and is looked into.
        let scope =
            process == nil
            ? try scope(of: note, owner, beside: others) : cgroups.given(to: note.leader.pid, shown: shown)
        let session = TrackedSession(
            id: note.id, owner: owner, facts: LoginFacts(note.call), leader: note.leader,
            cgroup: scope ?? cgroups.leaf(of: note.id), auditSession: note.auditSession,
            opened: note.opened ?? CivilClock.now())
        return (session, process)
    }

    /// The scope of a log-in whose leader is gone; nil where it has been removed, or is another session's.
    private func scope(
        of note: PendingNote, _ owner: UInt32, beside others: [TrackedSession]
    ) throws(SystemError) -> LoginCgroup? {
        guard let scope = try NotedScope(table, cgroups).find(note, owner) else { return nil }
        let isTaken = (Array(registry.sessions.values) + others).contains { $0.cgroup == scope }
        return isTaken ? nil : scope
    }

    /// Whether a log-in was opened by a process of another one (su, sudo): it has that one's audit session, or where the
    /// kernel has none, descends from its leader.
    private func isInside(_ note: PendingNote, _ other: TrackedSession) throws(SystemError) -> Bool {
        if note.auditSession != nil { return false }
        if let audit = try table.auditSession(note.leader.pid), audit == other.auditSession { return true }
        var pid = note.leader.pid
        while pid > 1, let stat = try table.stat(pid) {
            if other.leader == ProcessIdentity(pid: stat.parent, startTime: try table.stat(stat.parent)?.startTime ?? 0)
            {
                return true
            }
            pid = stat.parent
        }
        return false
    }
}
