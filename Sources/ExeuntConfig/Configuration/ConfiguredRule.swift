// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// `[Rule NAME]`: what happens to certain left-overs of log-in sessions.
public struct ConfiguredRule: Settings, Hashable {
    /// What it is called in messages.
    public var name = ""
    /// Whose processes; empty: everybody's.
    public var users: [UserMatch] = []
    /// The programs, by path; empty: all.
    public var executables: [String] = []
    /// What happens.
    public var action = Rule.Action.end
    /// How long a kept process may stay; nil: for ever.
    public var lease: Duration?

    /// The defaults.
    public init() {}
}
