// SPDX-License-Identifier: Apache-2.0

/// What can happen to the sessions that the daemon knows.
public enum RegistryEvent: Sendable {
    /// Somebody has logged in, or has taken a lease.
    case opened(TrackedSession)
    /// The leader closes its session, and then has this long to leave by itself.
    case closed(String, leaderLeaves: Duration)
    /// The leader has exited.
    case leaderExited(String)
    /// The connection is gone, and whoever holds it is stopped.
    case transportGone(String)
    /// Somebody who may asks for the end; `isForced` if she will not wait for the ladder.
    case requested(String, isForced: Bool)
    /// A lease was given back.
    case released(String)
    /// The process that ended a session is gone.
    case enderExited(String, EnderExit)
    /// Nobody is left in a session that had been kept.
    case emptied(String)
    /// The time set by `setTimer` has come.
    case timer
    /// The ledger holds this, and this was found of the process that ends it: a daemon has been started.
    case recovered(TrackedSession, RecoveryFinding)
    /// That was all that the ledger holds.
    case allRecovered
}
