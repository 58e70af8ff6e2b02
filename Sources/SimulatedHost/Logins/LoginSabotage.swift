// SPDX-License-Identifier: Apache-2.0

/// Ways to build the daemon wrongly around the registry, so that a test can see whether the judge notices.
enum LoginSabotage: CaseIterable, Sendable {
    /// The ledger is written after what it promises was done. (And orphans begin, which would hide it.)
    case storesLate
    /// The file of an ending is removed before the session is taken out of the ledger.
    case removesFileFirst
    /// Whoever is to end a session does not ask whether somebody is at it, or has done it. (And orphans begin.)
    case takesNoLock
    /// Whoever takes an ending over runs the hooks.
    case runsHooksAgain
    /// The hooks run as well when what was kept is ended.
    case forgetsFirstEnding
    /// A process that was to end a session begins although the daemon that forked it is dead.
    case orphansBegin
    /// A record is appended without a look whether it is there.
    case appendsAlways
    /// A leader that is known by its number alone.
    case ignoresStartTimes
    /// Whoever finds its daemon gone takes away the file of one that was killed before it.
    case orphansTakeFilesAway
    /// Whoever ends a session takes leases for members.
    case endsLeases
    /// Only the first timer counts.
    case setsTimerOnce
    /// Nobody is told how an ending went.
    case answersNobody
    /// Notes are read by a daemon that starts, and no more.
    case readsNotesOnce
    /// A note that a session was closed is thrown away where the session is known.
    case dropsClosings
    /// A closing that nobody has heard takes the note of the opening away.
    case closingUndoesOpening
    /// The note of a session that is over stays.
    case keepsNotes
    /// Of a leader that has exited while there was no daemon nobody knows the cgroup.
    case asksTheLeader
    /// Whoever was started while there was no daemon is looked for only as long as the leader lives.
    case admitsOnlyWithLeader
    /// Leases that were given back are not looked at when a daemon has been started.
    case forgetsReleases

    var letsOrphansBegin: Bool { self == .orphansBegin || self == .storesLate || self == .takesNoLock }
}
