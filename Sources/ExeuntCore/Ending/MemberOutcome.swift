// SPDX-License-Identifier: Apache-2.0

/// How the ending of one process went.
public enum MemberOutcome: Hashable, Sendable {
    /// It is alive, and so far nothing has been decided.
    case pending
    /// It went before it was told anything.
    case exited
    /// It went after this signal.
    case ended(by: SignalName)
    /// It needed KILL.
    case killed
    /// A rule spared it.
    case kept
    /// Report mode, or a rule, only wrote it down.
    case reported
    /// It could not be ended; the text says why.
    case survived(why: String)
}
