// SPDX-License-Identifier: Apache-2.0

/// The permission for a process, and for what it starts, to outlive the session that it was started in.
public struct Lease: Hashable, Sendable {
    /// The session that it was taken in, if there was one.
    public var session: String?
    /// The program and its arguments, as they were asked for.
    public var command: [String]
    /// Why, in the words of whoever has taken it.
    public var reason: String?
    /// When it is over, on the monotonic clock.
    public var expires: Instant
    /// Whether it was given back: it ends with its session.
    public var isReleased = false

    /// A lease; see the fields.
    public init(session: String?, command: [String], reason: String?, expires: Instant) {
        self.session = session
        self.command = command
        self.reason = reason
        self.expires = expires
    }
}
