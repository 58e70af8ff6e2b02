// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Summary {
    /// What became of one hook.
    static func line(_ hook: HookOutcome) -> String {
        let how =
            switch hook.end {
            case .exited(let code): "exited with \(code) after \(seconds(hook.took))"
            case .signalled(let number): "was ended by signal \(number) after \(seconds(hook.took))"
            case .notRun(let why): "was not run: \(Escaping.shown(why.utf8))"
            case .unknown(let why): "may not have run to its end: \(Escaping.shown(why.utf8))"
            }
        let late = hook.isTimedOut ? ", its time being over" : ""
        let left = hook.leftOvers.map { "\($0.pid) \(Escaping.shown($0.name))\($0.isGone ? "" : " (SURVIVED)")" }
        let behind = left.isEmpty ? "" : "; it left \(left.joined(separator: ", "))"
        return "hook \(Escaping.shown(hook.path)) \(how)\(late)\(behind)"
    }
}
