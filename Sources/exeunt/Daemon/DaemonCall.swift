// SPDX-License-Identifier: Apache-2.0
import ExeuntClient
import ExeuntEngine
import ExeuntProtocol

/// Questions of the commands to exeuntd.
enum DaemonCall {
    /// One question, on a connection of its own.
    static func ask<Call: MethodCall>(_ call: Call) throws(ClientError) -> Call.Reply {
        try ControlClient().call(call)
    }

    /// What to tell of an error, and what would be right.
    static func text(_ error: ClientError) -> String {
        switch error {
        case .notRunning: "\(error); it has to be started, see exeuntd(8)"
        case .refused(let refusal): text(refusal)
        case .connection, .hungUp, .unreadable: "\(error)"
        }
    }

    /// What to tell of a refusal, and what would be right.
    static func text(_ refusal: CallError) -> String {
        switch refusal {
        case .noSuchSession: "\(refusal); 'exeunt list' shows those that you may see"
        case .noSuchLease: "\(refusal); 'exeunt leases' shows those that you may see"
        case .methodNotFound, .methodNotImplemented, .interfaceNotFound:
            "\(refusal); is it of another version than this program?"
        default: "\(refusal)"
        }
    }

    /// 1 for what was understood and refused; else nothing was done for want of a daemon, or by its fault.
    static func exitCode(for error: ClientError) -> Int32 {
        guard case .refused(let refusal) = error else { return ExitCode.failure }
        switch refusal {
        case .noSuchSession, .noSuchLease, .notPermitted, .keepRefused, .permissionDenied, .busy, .timedOut:
            return ExitCode.survivors
        default: return ExitCode.failure
        }
    }
}
