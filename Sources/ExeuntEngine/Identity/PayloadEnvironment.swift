// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The environment a payload is started with.
enum PayloadEnvironment {
    /// What says how the terminal can be written to; su(1) keeps the same.
    private static let ofTerminal = ["TERM", "COLORTERM", "NO_COLOR"]
    private static let path = "/usr/local/bin:/usr/bin:/bin"
    private static let pathOfRoot = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// PATH as root has it.
    static var searchPathOfRoot: [UInt8] { Array("PATH=\(pathOfRoot)".utf8) }

    /// The inherited environment with what was asked for set over it. Where the identity changes, nothing of it is kept
    /// but what was named and what concerns the terminal: a variable of the caller's could make programs of the other
    /// user do what neither has meant.
    static func make(
        from inherited: [[UInt8]], _ request: RunRequest, session id: String
    ) -> [[UInt8]] {
        let conditions = request.conditions
        var entries = inherited
        if let identity = request.identity {
            // A mark is looked for with the value that the caller has.
            let marks = (request.trackers ?? []).compactMap { tracker in
                if case .mark(let name) = tracker { name } else { nil }
            }
            let kept = Set((ofTerminal + conditions.preserved + marks).map { Array($0.utf8) })
            entries = inherited.filter { kept.contains(name(of: $0)) }
            let held = Set(entries.map(name(of:)))
            entries = made(for: identity).filter { !held.contains(name(of: $0)) } + entries
        }
        for entry in conditions.assignments + [Array("\(Tracker.sessionMark)=\(id)".utf8)] {
            let name = name(of: entry)
            entries.removeAll { Self.name(of: $0) == name }
            entries.append(entry)
        }
        return entries
    }

    /// HOME, SHELL, USER, LOGNAME and PATH.
    static func made(for identity: PayloadIdentity) -> [[UInt8]] {
        let account = identity.account
        let values: [(String, [UInt8])] = [
            ("HOME", account.home), ("SHELL", account.shell), ("USER", Array(account.name.utf8)),
            ("LOGNAME", Array(account.name.utf8)), ("PATH", Array((account.uid == 0 ? pathOfRoot : path).utf8)),
        ]
        return values.map { Array("\($0.0)=".utf8) + $0.1 }
    }

    private static func name(of entry: [UInt8]) -> [UInt8] { Array(entry.prefix { $0 != UInt8(ascii: "=") }) }
}
