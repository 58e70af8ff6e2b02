// SPDX-License-Identifier: Apache-2.0

/// A rule about a program: the first one that matches a process decides for it and for its descendants.
public struct Rule: Hashable, Sendable {
    /// What happens to a left-over.
    public enum Action: String, Hashable, Sendable {
        /// It gets the ladder.
        case end
        /// It lives on.
        case keep
        /// It is written down and lives on.
        case report
    }

    /// What the rule is called in messages.
    public let name: String
    /// The program it is about.
    public let executable: ExecutableIdentity
    /// What it says.
    public let action: Action

    /// A rule that says `action` for every process that runs `executable`.
    public init(name: String, executable: ExecutableIdentity, action: Action) {
        self.name = name
        self.executable = executable
        self.action = action
    }
}
