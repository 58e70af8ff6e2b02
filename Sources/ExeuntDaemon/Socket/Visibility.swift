// SPDX-License-Identifier: Apache-2.0

/// Whose sessions, leases and records a caller may know of.
public enum Visibility: Hashable, Sendable {
    /// Everybody's.
    case all
    /// Only those of this user id.
    case own(UInt32)

    /// Whether something of this owner is among them.
    public func covers(owner: UInt32) -> Bool {
        switch self {
        case .all: true
        case .own(let uid): uid == owner
        }
    }
}
