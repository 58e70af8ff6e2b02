// SPDX-License-Identifier: Apache-2.0

/// Why a session is over.
public enum EndingReason: String, CaseIterable, Hashable, Sendable {
    /// The payload's leader has exited.
    case payloadExited = "payload-exited"
    /// The log-in was closed, pam_close_session(3).
    case closed = "closed"
    /// The leader of a log-in has exited, and nobody had closed it.
    case leaderExited = "leader-exited"
    /// The connection of a log-in is gone while whoever holds it is stopped.
    case transportGone = "transport-gone"
    /// What had been allowed to outlive its session has had its time.
    case leaseExpired = "lease-expired"
    /// Somebody who may asked for it.
    case requested = "requested"
    /// It has run for as long as it was allowed to.
    case timeLimit = "time-limit"
    /// The process that watched over the session was killed.
    case supervisorExited = "supervisor-exited"
}
