// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What one kind of process does from its birth on, and how it takes signals.
struct ProcessScript: Sendable {
    /// What a process does by itself.
    enum Deed: Sendable {
        /// Forks a process that follows this script.
        case fork(Int)
        /// Exits.
        case exit
        /// Is killed by somebody who is not Exeunt: the kernel when memory is short, a user.
        case fallVictim
        /// Becomes another program.
        case execute(Program)
        /// Leaves its kernel session and process group for new ones.
        case leaveGroup
        /// Changes its uid.
        case becomeUser(UInt32)
        /// Moves itself to another control group, if it may.
        case move(CgroupPlace)
        /// Freezes a control group.
        case freeze(CgroupPlace)
        /// Stops itself.
        case stop
        /// Sleeps where no signal, not even KILL, is noticed.
        case sleepUninterruptibly(Int64)
        /// Has another session's mark in its environment, or none.
        case wear(Mark)
    }

    /// What a process does when a signal asks it to go.
    enum Reaction: Sendable {
        /// It goes, this much later.
        case exit(after: Int64)
        /// It forks these, and goes if `exits`.
        case fork([Int], exits: Bool)
    }

    /// A deed, and how long after the one before it.
    struct Step: Sendable {
        var delay: Int64
        var deed: Deed
    }

    var name: String
    var steps: [Step] = []
    /// Begins again after the last step.
    var repeats = false
    /// Signals that it does not notice.
    var ignored: Set<SignalName> = []
    var reaction = Reaction.exit(after: 100_000)
    /// Never waits for its children.
    var holdsZombies = false
    /// Its executable cannot be read without privilege (it is not dumpable).
    var hidesExecutable = false
    /// Set by the shrinker: nobody follows it.
    var isLeftOut = false
}

/// A program, known by its file.
enum Program: UInt64, Sendable {
    case payload = 1
    case other = 2
    /// A rule says `keep` for it.
    case spared = 3
    /// A rule says `report` for it.
    case noted = 4

    var identity: ExecutableIdentity { ExecutableIdentity(device: 1, inode: rawValue) }
}

/// The control groups that there are.
enum CgroupPlace: Int, CaseIterable, Sendable {
    /// Where the machine's other processes are.
    case outside
    /// The leaf of the session that is tried.
    case session
    /// A group that a member has made below it.
    case below
    /// The leaf of another session.
    case otherSession

    var isInSession: Bool { self == .session || self == .below }
}

/// The session mark that an environment holds.
enum Mark: UInt8, Sendable {
    case none
    case ours
    case otherSession
}
