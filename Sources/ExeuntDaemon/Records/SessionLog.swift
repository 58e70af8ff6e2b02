// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntProtocol
import LinuxSystem

/// What the host's log is told: a line when a session is opened, one when it has ended, and one for each process that was
/// ended, kept, reported or has survived. Each is words and `KEY=VALUE` fields, escaped, in one line.
struct SessionLog: Sendable {
    private let log: SystemLog
    /// Whether lines go to standard error as well: nobody reads a log that is not there.
    private let isEchoed: Bool

    init(_ facility: SyslogFacility, isEchoed: Bool = false) {
        log = SystemLog(SystemLog.Facility(rawValue: facility.rawValue) ?? .authpriv)
        self.isEchoed = isEchoed
    }

    func opened(_ session: TrackedSession) {
        tell(.information, "session opened: \(Self.fields(session))")
    }

    func leased(_ session: TrackedSession, for duration: Duration) {
        let command = session.lease?.command.joined(separator: " ") ?? ""
        let why = session.lease?.reason.map { " reason=\(Self.shown($0))" } ?? ""
        tell(
            .information,
            "lease granted: \(Self.fields(session)) for=\(DurationText.text(duration).filter { $0 != " " }) "
                + "command=\(Self.shown(command))\(why)")
    }

    func released(_ session: TrackedSession) { tell(.information, "lease given back: \(Self.fields(session))") }

    func outlives(_ lease: TrackedSession) { tell(.information, "lease outlives its session: \(Self.fields(lease))") }

    func over(_ record: EndingRecord) {
        let level: SystemLog.Level = record.verdict == .survivors ? .error : .information
        let found = record.processes.filter { Self.isWorthALine($0, record) }
        tell(
            level,
            "session ended: session=\(record.session.id) uid=\(record.session.owner) "
                + "user=\(Self.shown(record.session.login?.user ?? "")) "
                + "service=\(Self.shown(record.session.login?.service ?? "")) reason=\(record.reason.rawValue) "
                + "verdict=\(record.verdict.rawValue) left=\(found.count + record.omitted)")
        for member in found { tell(level, line(member, record)) }
        for hook in record.hooks where !hook.isSuccess {
            tell(.error, "hook failed: session=\(record.session.id) phase=\(hook.phase.rawValue) path=\(Escaping.shown(hook.path))")
        }
    }

    /// A leader that leaves when its session is closed is no left-over.
    private static func isWorthALine(_ member: Member, _ record: EndingRecord) -> Bool {
        if member.process.identity != record.session.leader { return true }
        switch member.outcome {
        case .exited, .ended: return false
        case .killed, .kept, .reported, .pending, .survived: return true
        }
    }

    private func line(_ member: Member, _ record: EndingRecord) -> String {
        let process = member.process
        let program = process.executable.map { Escaping.shown($0) } ?? Escaping.shown(process.name)
        let step = member.outcome.step.map { " step=\($0.rawValue)" } ?? ""
        let why = if case .survived(let why) = member.outcome { " why=\(Self.shown(why))" } else { "" }
        return "process \(member.outcome.word): session=\(record.session.id) pid=\(process.identity.pid) "
            + "uid=\(process.owner.map(String.init) ?? "?") program=\(program) "
            + "evidence=\(process.evidence.words.joined(separator: ","))\(step)\(why)"
    }

    func failed(_ session: String?, _ error: any Error) {
        tell(.error, (session.map { "session=\($0): " } ?? "") + Escaping.shown("\(error)".utf8))
    }

    /// The daemon's own life.
    func said(_ level: SystemLog.Level, _ text: String) { tell(level, text) }

    private static func fields(_ session: TrackedSession) -> String {
        var fields = ["session=\(session.id)", "uid=\(session.owner)", "user=\(shown(session.facts.user))"]
        if session.lease == nil {
            fields += [
                "class=\(session.facts.sessionClass.rawValue)", "type=\(session.facts.type.rawValue)",
                "service=\(shown(session.facts.service))",
            ]
        }
        if let tty = session.facts.tty { fields.append("tty=\(shown(tty))") }
        if let display = session.facts.display { fields.append("display=\(shown(display))") }
        if let host = session.facts.remoteHost { fields.append("host=\(shown(host))") }
        if let leader = session.leader { fields.append("leader=\(leader.pid)") }
        return fields.joined(separator: " ")
    }

    private static func shown(_ text: String) -> String {
        text.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) || text.isEmpty
            ? "\"\(Escaping.shown(text.utf8).replacing("\"", with: "\\x22"))\"" : Escaping.shown(text.utf8)
    }

    private func tell(_ level: SystemLog.Level, _ line: String) {
        log.write(level, line)
        // try?: there is nobody to tell that standard error cannot be written to.
        if isEchoed { try? writeAll(Array("exeuntd: \(line)\n".utf8), to: 2, subject: "standard error") }
    }
}
