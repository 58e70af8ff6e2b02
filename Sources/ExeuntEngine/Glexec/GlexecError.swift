// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import LinuxSystem

/// Why nothing is run in gLExec mode. Nothing has been started.
public enum GlexecError: Error, CustomStringConvertible {
    /// The caller may not.
    case notAuthorised(String)
    /// What the caller asks for cannot be done.
    case client(String)
    /// `glexec.conf` is missing, not trusted, or wrong: a line for each fault.
    case configuration([String])
    /// Something else of the administrator's is wrong.
    case host(String)

    /// One line, or several.
    public var description: String {
        switch self {
        case .notAuthorised(let why): "not authorised: \(why)"
        case .client(let why), .host(let why): why
        case .configuration(let faults): faults.joined(separator: "\n")
        }
    }

    /// What the caller is told. Who is not root learns nothing of files that are root's alone.
    public func told(to uid: UInt32) -> GlexecError {
        switch self {
        case .configuration where uid != 0, .host where uid != 0:
            .host("gLExec mode is not configured here, or not rightly; the host's log has the reason")
        default: self
        }
    }

    /// gLExec's code for it.
    public var exitCode: Int32 {
        switch self {
        case .notAuthorised: ExitConvention.notAuthorised
        case .client: ExitConvention.clientError
        case .configuration, .host: ExitConvention.internalError
        }
    }

    /// What an identity that cannot be had means here.
    public init(_ error: IdentityError) {
        switch error {
        case .notPermitted, .expired: self = .notAuthorised(error.description)
        case .noSuchUser, .noSuchGroup, .noPrimaryGroup, .homeUnreachable: self = .client(error.description)
        case .lookUp: self = .host(error.description)
        }
    }
}
