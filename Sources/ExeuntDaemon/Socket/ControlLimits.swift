// SPDX-License-Identifier: Apache-2.0

/// How much of the daemon a peer can use. Whoever exceeds it is disconnected.
public struct ControlLimits: Sendable {
    /// The longest message of root, in bytes.
    public var messageOfRoot = 1 << 20
    /// The longest message of others, in bytes.
    public var message = 64 << 10
    /// Connections of root.
    public var connectionsOfRoot = 4096
    /// Connections of any other user id.
    public var connections = 32
    /// Connections of all others together: one user can have many user ids (subuid(5)). Who has been idle longest goes.
    public var connectionsOfOthers = 1024
    /// How long a message that has begun may take, and how long answers may lie unread.
    public var patience = Duration.seconds(10)
    /// How much may lie unread when the next answer comes, in bytes.
    public var unread = 1 << 20

    /// As they are documented.
    public init() {}

    func message(from uid: UInt32) -> Int { uid == 0 ? messageOfRoot : message }
}
