// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The `GLEXEC_EPILOG_…` variables of an epilogue.
struct GlexecVariables: HookVariables {
    let caller: GlexecCaller
    let target: GlexecNames

    private static let prefix = "GLEXEC_EPILOG"

    func variables(for facts: HookFacts) -> [[UInt8]] {
        let prefix = Self.prefix
        var variables = caller.names.variables("\(prefix)_GLEXEC") + target.variables("\(prefix)_TARGET")
        variables += [
            "\(prefix)_GLEXEC_PID=\(facts.front)", "\(prefix)_GLEXEC_SID=\(caller.session)",
            "\(prefix)_GLEXEC_PGID=\(caller.group)",
        ]
        // The leader led its group.
        if let leader = facts.leader {
            variables += ["\(prefix)_TARGET_PID=\(leader)", "\(prefix)_TARGET_PGID=\(leader)"]
        }
        switch facts.payload {
        case .exited(let code): variables.append("\(prefix)_TARGET_RC=\(code)")
        case .signalled(let number):
            variables.append("\(prefix)_TARGET_RC=\(ExitCode.signalled + number)")
            variables.append("\(prefix)_TARGET_SIGNAL=\(number)")
        case nil: break
        }
        return variables.map { Array($0.utf8) }
    }

    /// The payload's words are as long as its caller likes.
    func spareVariables(for facts: HookFacts) -> [[UInt8]] {
        facts.command.enumerated().map { Array("\(Self.prefix)_ARGV\($0.offset)=".utf8) + $0.element }
    }
}
