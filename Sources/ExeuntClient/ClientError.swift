// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import LinuxSystem

/// Why a call has no answer.
public enum ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody listens.
    case notRunning(SystemError)
    /// The connection could not be made or used; ETIMEDOUT when no answer came in time.
    case connection(SystemError)
    /// exeuntd has closed the connection, as it does with whoever exceeds its limits.
    case hungUp
    /// One end does not understand the other.
    case unreadable(String)
    /// exeuntd has answered that it does not.
    case refused(CallError)

    /// For people, in lower case.
    public var description: String {
        switch self {
        case .notRunning(let error): "exeuntd is not running (\(error))"
        case .connection(let error): "\(error)"
        case .hungUp: "exeuntd has closed the connection"
        case .unreadable(let what): "cannot read \(what)"
        case .refused(let error): "\(error)"
        }
    }
}
