// SPDX-License-Identifier: Apache-2.0

/// What policy has to ask the host's databases of users and groups, each time anew: they change.
public protocol AccountLookup {
    /// The number of the user of this name; nil if there is none.
    ///
    /// - Throws: if the databases cannot be asked.
    func uid(ofUser name: String) throws(LookupFailure) -> UInt32?

    /// Whether a user belongs to a group, be it as her primary group; false if there is no such user or group.
    ///
    /// - Throws: if the databases cannot be asked.
    func isUser(_ uid: UInt32, inGroup name: String) throws(LookupFailure) -> Bool

    /// The name of the user of this number; nil if there is none.
    ///
    /// - Throws: if the databases cannot be asked.
    func name(ofUser uid: UInt32) throws(LookupFailure) -> String?
}

/// A database of users or groups could not be asked.
public struct LookupFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was asked for, such as `group staff`.
    public let subject: String

    /// Of this user or group.
    public init(_ subject: String) { self.subject = subject }

    /// Without a full stop.
    public var description: String { "\(subject) cannot be looked up" }
}
