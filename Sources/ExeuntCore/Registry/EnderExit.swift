// SPDX-License-Identifier: Apache-2.0

/// What became of the process that ends a session.
public enum EnderExit: Hashable, Sendable {
    /// It has left a record: how it went, until when the first of those that are kept may stay, and who they are.
    case recorded(Verdict, keptUntil: Instant?, kept: [ProcessIdentity: String] = [:])
    /// It has left none. Where it had not begun, nothing was done; where it had, nobody knows which hooks have run.
    case killed(hadBegun: Bool)
}
