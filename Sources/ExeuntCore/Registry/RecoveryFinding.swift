// SPDX-License-Identifier: Apache-2.0

/// What a daemon that has been started finds of a session that is in the ledger.
public enum RecoveryFinding: Hashable, Sendable {
    /// Nobody ends it; whether its leader lives.
    case leader(isAlive: Bool)
    /// A process that another daemon has started ends it.
    case enderRuns
    /// A process that another daemon has started has ended it, or was killed.
    case enderExited(EnderExit)
}
