// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntProtocol
import LinuxSystem

/// What the host's log is told: a line when a session is opened, one when it has ended, and one for each process that was
/// ended, kept, reported or has survived. Each is words and fields; where there is a journal it gets the fields as such.
struct SessionLog: Sendable {
    private let log: SystemLog
    /// Whether lines go to standard error as well: nobody reads a log that is not there.
    private var isEchoed: Bool

    /// The same for a process whose standard error is somebody else's.
    var unechoed: SessionLog {
        var log = self
        log.isEchoed = false
        return log
    }

    init(_ facility: SyslogFacility, isEchoed: Bool = false) {
        log = SystemLog(SystemLog.Facility(rawValue: facility.rawValue) ?? .authpriv)
        self.isEchoed = isEchoed
    }

    func opened(_ session: TrackedSession) { tell(.information, LogLine("session opened", session)) }

    func leased(_ session: TrackedSession, for duration: Duration) {
        var line = LogLine("lease granted", session)
        line.add("for", DurationText.text(duration).filter { $0 != " " })
        line.add("command", session.lease?.command.joined(separator: " "))
        line.add("reason", session.lease?.reason)
        tell(.information, line)
    }

    func released(_ session: TrackedSession) { tell(.information, LogLine("lease given back", session)) }
    func outlives(_ lease: TrackedSession) { tell(.information, LogLine("lease outlives its session", lease)) }

    func over(_ record: EndingRecord) {
        let level: SystemLog.Level = record.verdict == .survivors ? .error : .information
        let found = record.processes.filter { Self.isWorthALine($0, record) }
        var line = LogLine("session ended")
        line.add("session", record.session.id)
        line.add("uid", "\(record.session.owner)")
        line.add("user", record.session.login?.user)
        line.add("service", record.session.login?.service)
        line.add("reason", record.reason.rawValue)
        line.add("verdict", record.verdict.rawValue)
        line.add("left", "\(found.count + record.omitted)")
        tell(level, line)
        for member in found { tell(level, LogLine(member, of: record.session.id)) }
        for hook in record.hooks where !hook.isSuccess { tell(.error, LogLine(hook, of: record.session.id)) }
    }

    /// A leader that leaves when its session is closed is no left-over.
    private static func isWorthALine(_ member: Member, _ record: EndingRecord) -> Bool {
        if member.process.identity != record.session.leader { return true }
        switch member.outcome {
        case .exited, .ended: return false
        case .killed, .kept, .reported, .pending, .survived: return true
        }
    }

    func failed(_ session: String?, _ error: any Error) {
        var line = LogLine("failed: \(Escaping.shown("\(error)".utf8))")
        line.add("session", session)
        tell(.error, line)
    }

    /// The daemon's own life.
    func said(_ level: SystemLog.Level, _ text: String) { tell(level, LogLine(text)) }

    private func tell(_ level: SystemLog.Level, _ line: LogLine) {
        log.write(level, line.text, fields: line.fields.map { ("EXEUNT_\($0.key.uppercased())", $0.value) })
        // try?: there is nobody to tell that standard error cannot be written to.
        if isEchoed { try? writeAll(Array("exeuntd: \(line.text)\n".utf8), to: 2, subject: "standard error") }
    }
}
