// SPDX-License-Identifier: Apache-2.0

/// What is known of a log-in session when it is decided what happens at its end.
public struct PolicySubject: Hashable, Sendable {
    /// The uid of its owner.
    public var owner: UInt32
    /// What PAM told of it.
    public var login: LoginFacts
    /// `killProcesses` of the owner's JSON user record, where there is such a record and it says something.
    public var killProcesses: Bool?
    /// Whether the administrator or the owner has asked for the end.
    public var isAsked: Bool

    /// A session; see the fields.
    public init(owner: UInt32, login: LoginFacts, killProcesses: Bool? = nil, isAsked: Bool = false) {
        self.owner = owner
        self.login = login
        self.killProcesses = killProcesses
        self.isAsked = isAsked
    }
}
