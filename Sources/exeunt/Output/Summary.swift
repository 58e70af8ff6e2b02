// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol

/// What an ending has found, in a few lines for people.
struct Summary {
    private let record: EndingRecord
    private let isVerbose: Bool
    /// How many processes are listed unless all are asked for.
    private static let most = 10

    init(_ record: EndingRecord, isVerbose: Bool) {
        self.record = record
        self.isVerbose = isVerbose
    }

    /// The left-overs: the leader is one only if it had to be killed.
    private var leftOver: [Member] {
        record.processes.filter { member in
            guard member.process.identity == record.session.leader else { return true }
            switch member.outcome {
            case .exited, .ended: return isVerbose
            case .killed, .kept, .reported, .pending, .survived: return true
            }
        }
    }

    /// nil when there is nothing to say.
    var text: String? {
        let found = leftOver
        let hooks = record.hooks.filter { isVerbose || !$0.isSuccess || !$0.leftOvers.isEmpty }.map(Self.line)
        let isExpected = record.reason != .supervisorExited && record.reason != .timeLimit
        if found.isEmpty && isExpected && !isVerbose {
            return hooks.isEmpty ? nil : hooks.joined(separator: "\n")
        }
        let shown = isVerbose ? found[...] : found.prefix(Self.most)
        var lines = [headline(found.count)] + shown.map(line)
        let hidden = found.count - shown.count + record.omitted
        if hidden > 0 { lines.append("  and \(hidden) more" + (isVerbose ? "" : "; --verbose lists them")) }
        return (lines + advice + hooks).joined(separator: "\n")
    }

    private func headline(_ count: Int) -> String {
        let program = record.session.command.first.map { Escaping.shown($0) } ?? "the payload"
        let why =
            switch record.reason {
            case .payloadExited: "after \(program) exited"
            case .requested: "when the end of \(program) was asked for"
            case .timeLimit: "when the time of \(program) was up"
            case .closed, .leaderExited, .transportGone: "after the log-in had ended"
            case .leaseExpired: "when the time that it was kept for was up"
            case .supervisorExited: "when the process that watched over \(program) was killed"
            }
        let took = Self.seconds(ladderTook)
        switch record.verdict {
        case .clean: return "nothing was left \(why)"
        case .left: return "\(count) left \(why); all went when asked, in \(took)"
        case .killed: return "\(count) left \(why); KILL was needed, all gone in \(took)"
        case .kept:
            let kept = record.processes.filter { $0.outcome == .kept }
            let leader =
                kept.contains { $0.process.identity == record.session.leader } ? ", the payload itself too" : ""
            if kept.count == count { return "\(count) left \(why); all are kept\(leader)" }
            return "\(count) left \(why); \(kept.count) are kept\(leader), the others went in \(took)"
        case .reported: return "\(count) left \(why); report only, nothing was signalled"
        case .survivors: return "\(count) left \(why); some could not be ended in \(took)"
        }
    }

    /// How long it took until the last of them was gone, without the hooks; the whole where somebody is left.
    private var ladderTook: Duration {
        let last = record.processes.compactMap(\.goneAt).max()
        guard !record.hooks.isEmpty, record.verdict != .survivors, let last else { return record.took }
        return last - record.began
    }

    private func line(_ member: Member) -> String {
        let process = member.process
        let name = process.executable.map { Escaping.shown($0) } ?? Escaping.shown(process.name)
        let how =
            switch member.outcome {
            case .exited: "went by itself"
            case .ended(let signal): "ended by \(signal.rawValue)"
            case .killed: "killed"
            case .kept: "kept"
            case .reported: "alive"
            case .survived(let why): "SURVIVED: \(why)"
            case .pending: "SURVIVED"
            }
        let time = member.goneAt.map { " after \(Self.seconds($0 - record.began))" } ?? ""
        return "  \(process.identity.pid) \(name) [\(process.evidence.words.joined(separator: " "))] \(how)\(time)"
    }

    /// How to end what lives on.
    private var advice: [String] {
        let alive = record.processes.filter { $0.outcome == .kept || $0.outcome == .reported }
        guard !alive.isEmpty else { return [] }
        var steps: [String] = []
        var singly = alive
        if record.verdict == .reported, let cgroup = record.session.cgroup {
            steps.append("echo 1 > \(ShellText.quoted(cgroup + "/cgroup.kill"))")
            singly.removeAll { $0.process.evidence.contains(.cgroup) }
        }
        if !singly.isEmpty {
            steps.append("kill \(singly.map { String($0.process.identity.pid) }.joined(separator: " "))")
        }
        return ["to end them: \(steps.joined(separator: "; "))"]
    }

    static func seconds(_ duration: Duration) -> String {
        let milliseconds = DurationText.nanoseconds(duration) / 1_000_000
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
    }
}
