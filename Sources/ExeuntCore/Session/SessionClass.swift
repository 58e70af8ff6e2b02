// SPDX-License-Identifier: Apache-2.0

/// What a session is there for.
public enum SessionClass: String, CaseIterable, Hashable, Sendable {
    /// Somebody works in it.
    case user
    /// Somebody is about to say who she is: a display manager's own session.
    case greeter
    /// Nobody works in it: cron(8), at(1), a batch system.
    case background
    /// A command of `exeunt run`.
    case payload
}

extension SessionClass {
    /// Those that log-ins have.
    public static let ofLogins: [SessionClass] = [.user, .greeter, .background]
}
