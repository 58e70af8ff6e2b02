// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What a hook is told about its session.
public struct HookFacts: Sendable {
    /// The session's id.
    public let session: String
    /// When the hook runs.
    public let phase: HookPhase
    /// Why the session is over.
    public let reason: EndingReason
    /// How its ending went; nil before the ladder.
    public let verdict: Verdict?
    /// The uid of its owner.
    public let owner: UInt32
    /// The payload, program and arguments.
    public let command: [[UInt8]]
    /// The payload's first process, which led its process group.
    public let leader: Int32?
    /// How that ended; nil while it runs.
    public let payload: EndingRecord.PayloadEnd?
    /// The process that the caller knows.
    public let front: Int32
    /// What PAM told of it, if it is a log-in's. Of this a hook's environment has what only root can have chosen; the rest
    /// is in the record.
    public var login: LoginFacts?

    /// `NAME=VALUE` each, but for the path of the record.
    var variables: [String] {
        var variables = [
            "EXEUNT_PHASE=\(phase.rawValue)", "EXEUNT_SESSION_ID=\(session)", "EXEUNT_REASON=\(reason.rawValue)",
            "EXEUNT_OWNER_UID=\(owner)",
        ]
        if let login {
            variables += [
                "EXEUNT_USER=\(login.user)", "EXEUNT_CLASS=\(login.sessionClass.rawValue)",
                "EXEUNT_TYPE=\(login.type.rawValue)",
            ]
        }
        if let verdict { variables.append("EXEUNT_VERDICT=\(verdict.rawValue)") }
        if let leader { variables.append("EXEUNT_LEADER_PID=\(leader)") }
        switch payload {
        case .exited(let code): variables.append("EXEUNT_EXIT_CODE=\(code)")
        case .signalled(let number): variables.append("EXEUNT_EXIT_SIGNAL=\(number)")
        case nil: break
        }
        return variables
    }
}
