// SPDX-License-Identifier: Apache-2.0

/// What the process that ends a session is told while it does.
public enum EnderNews: Hashable, Sendable {
    /// Somebody will not wait for the ladder.
    case hurry
    /// The leader has closed the session at that moment, and has this long to leave by itself.
    case leaderLeaves(Duration, since: Instant)
    /// Another reason for the end.
    case reason(EndingReason)
}
