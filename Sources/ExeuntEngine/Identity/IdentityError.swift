// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Why a payload cannot run as whom it was to run. Nothing has been started.
public enum IdentityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Only root may become somebody else, and the caller is not root.
    case notPermitted
    /// Neither a name nor a number that could be a user's.
    case noSuchUser(String)
    /// Neither a name nor a number that could be a group's.
    case noSuchGroup(String)
    /// A number without an account has no primary group, and none was named.
    case noPrimaryGroup(uid: UInt32)
    /// The account's expiry date (shadow(5)) has come.
    case expired(user: String, day: Int)
    /// A database of users or groups could not be asked.
    case lookUp(SystemError)
    /// A log-in has to begin in the home directory, and the user cannot enter it.
    case homeUnreachable(user: String, SystemError)

    /// One line for the user.
    public var description: String {
        switch self {
        case .notPermitted: "run as another user or group: that takes root"
        case .noSuchUser(let name): "run as user '\(name)': there is no such user"
        case .noSuchGroup(let name): "run with group '\(name)': there is no such group"
        case .noPrimaryGroup(let uid): "run as uid \(uid): it has no account and so no group; name one with --group"
        case .expired(let user, let day): "run as user '\(user)': the account has expired on \(CivilDay.text(day))"
        case .lookUp(let error): error.description
        case .homeUnreachable(let user, let error): "log in as user '\(user)': \(error)"
        }
    }
}
