// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What an ending of a log-in session has found, in a few lines for people.
public struct EndingText {
    private let record: StoredRecord
    /// How many processes are listed.
    private static let most = 10

    /// Of this ending.
    public init(_ record: StoredRecord) { self.record = record }

    /// The first line has the verdict; what was left follows, and hooks that have failed.
    public var lines: [String] {
        let found = record.leftOvers
        var lines = ["session \(ShownText.text(record.session.id)): \(headline(found))"]
        lines += found.prefix(Self.most).map(Self.line)
        let hidden = max(0, found.count - Self.most) + (record.omitted ?? 0)
        if hidden > 0 { lines.append("  and \(hidden) more; 'exeunt history --json' has all of them") }
        return lines + (record.hooks ?? []).compactMap(Self.line)
    }

    private func headline(_ found: [StoredRecord.Process]) -> String {
        let took = Self.seconds(record.times.endingSeconds)
        let count = found.count + (record.omitted ?? 0)
        switch record.verdict {
        case "clean": return "nothing was left"
        case "left": return "\(count) left; all went when asked, in \(took)"
        case "killed": return "\(count) left; KILL was needed, all gone in \(took)"
        case "kept":
            let kept = found.count { $0.outcome == "kept" }
            return kept == count
                ? "\(count) left; all are kept" : "\(count) left; \(kept) are kept, the others went in \(took)"
        case "reported": return "\(count) left; report only, nothing was signalled"
        case "survivors": return "\(count) left; some could not be ended in \(took)"
        default: return "\(count) left; verdict \(ShownText.text(record.verdict))"
        }
    }

    private static func line(_ process: StoredRecord.Process) -> String {
        let how =
            switch process.outcome {
            case "exited": "went by itself"
            case "ended": "ended by \(ShownText.text(process.step))"
            case "killed": "killed"
            case "kept": "kept"
            case "reported": "alive"
            case "survived": process.why.map { "SURVIVED: \(ShownText.text($0))" } ?? "SURVIVED"
            default: ShownText.text(process.outcome)
            }
        let time = process.seconds.map { " after \(seconds($0))" } ?? ""
        let evidence = process.evidence.map { ShownText.text($0) }.joined(separator: " ")
        return "  \(process.pid) \(process.program) [\(evidence)] \(how)\(time)"
    }

    private static func line(_ hook: StoredRecord.Hook) -> String? {
        let how: String
        if let why = hook.notRun {
            how = "was not run: \(ShownText.text(why))"
        } else if let why = hook.unknown {
            how = "may not have run to its end: \(ShownText.text(why))"
        } else if let number = hook.signal {
            how = "was ended by signal \(number)"
        } else if let code = hook.exitCode, code != 0 || hook.timedOut {
            how = "exited with \(code)"
        } else {
            return nil
        }
        return "hook \(ShownText.text(hook.path)) \(how)\(hook.timedOut ? ", its time being over" : "")"
    }

    /// To the millisecond.
    private static func seconds(_ seconds: Double) -> String {
        let milliseconds = seconds.isFinite ? Int64((min(max(0, seconds), 1e12) * 1000).rounded()) : 0
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
    }
}
