// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What became of a hook, as part of a record.
struct HookDocument: Encodable {
    private let phase: String
    private let path: String
    private let device: UInt64?
    private let inode: UInt64?
    private let exitCode: Int32?
    private let signal: Int32?
    private let notRun: String?
    private let unknown: String?
    private let timedOut: Bool
    private let seconds: Double
    private let leftOvers: [LeftOverDocument]
    private let output: String?
    private let outputOmitted: Int?

    init(_ hook: HookOutcome) {
        phase = hook.phase.rawValue
        path = Escaping.shown(hook.path)
        device = hook.file?.device
        inode = hook.file?.inode
        if case .exited(let code) = hook.end { exitCode = code } else { exitCode = nil }
        if case .signalled(let number) = hook.end { signal = number } else { signal = nil }
        if case .notRun(let why) = hook.end { notRun = Escaping.shown(why.utf8) } else { notRun = nil }
        if case .unknown(let why) = hook.end { unknown = Escaping.shown(why.utf8) } else { unknown = nil }
        timedOut = hook.isTimedOut
        seconds = hook.took.inSeconds
        leftOvers = hook.leftOvers.map(LeftOverDocument.init)
        output = hook.output.map { String(decoding: $0.bytes, as: UTF8.self) }
        outputOmitted = hook.output.flatMap { $0.omitted > 0 ? $0.omitted : nil }
    }

    private struct LeftOverDocument: Encodable {
        let pid: Int32
        let name: String
        let gone: Bool

        init(_ process: HookOutcome.LeftOver) {
            pid = process.pid
            name = Escaping.shown(process.name)
            gone = process.isGone
        }
    }
}
