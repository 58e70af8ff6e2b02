// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A process of the simulated host, with what no supervisor can see: whose it really is, and what really became of it.
struct SimulatedProcess {
    enum Life { case running, zombie, gone }

    /// Whom it belongs to by descent, whatever it pretends.
    enum Origin { case payload, bystander, exeunt, machine }

    /// Its place in the host's table; never used again.
    let serial: Int
    let identity: ProcessIdentity
    let script: Int
    let origin: Origin
    var isKernelThread = false
    let born: Int64
    var parent: Int
    var group: Int32
    var kernelSession: Int32
    var uid: UInt32
    var place = CgroupPlace.outside
    var program = Program.payload
    var mark = Mark.none
    /// The audit session: 0 for none, 1 for the one that is tried, 2 for another one.
    var audit: UInt8 = 0
    var random: SeededGenerator

    var life = Life.running
    var isStopped = false
    var sleepsUntil: Int64 = 0
    /// Signals that wait until it runs again.
    var pending: [SignalName] = []
    var nextStep = 0
    /// A step was due while it could not run.
    var isOverdue = false
    /// It is on its way out, but was stopped, frozen or put to sleep on it.
    var isLeaving = false
    /// KILL has reached it; it will not run again.
    var isDying = false
    var diedOfKill = false
    /// A security module keeps Exeunt's signals from it.
    var isProtected = false

    // What the judge notes about it.

    /// The looks that showed it to the supervisor: the first one, the last one, and the one before that.
    var firstShown = 0
    var shown = 0
    var shownBefore = 0
    /// Whether the last one showed it inside the session's control group.
    var shownInGroup = false
    /// Whether that look gave good reason to signal it.
    var isFair = false
    /// Whether a look has shown that a rule spares it.
    var isKnownSpared = false
    /// Whether it was in the leader's group when it was shown first.
    var wasInLeadersGroup = false
    /// Every signal that the supervisor tried to give it, KILL included.
    var tried: Set<SignalName> = []
    /// Those of the ladder that reached it while the present supervisor was at work.
    var told: Set<SignalName> = []
    /// The rung in which it was told last.
    var toldInRung: Int?
    /// The rung whose first look showed it.
    var metInRung: Int?
    /// The signal of whoever asked for the end, when it was passed on to it.
    var passedOn: SignalName?
    /// KILL reached it from the supervisor while it lived.
    var wasKilled = false
    /// Its exit by KILL was told to the supervisor while the ending was killing.
    var deathWasTold = false
}
