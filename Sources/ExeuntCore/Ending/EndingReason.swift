// SPDX-License-Identifier: Apache-2.0

/// Why a session is over.
public enum EndingReason: String, CaseIterable, Hashable, Sendable {
    /// The payload's leader has exited.
    case payloadExited = "payload-exited"
    /// Somebody who may asked for it.
    case requested = "requested"
    /// It has run for as long as it was allowed to.
    case timeLimit = "time-limit"
    /// The process that watched over the session was killed.
    case supervisorExited = "supervisor-exited"
}
