// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// What the host's log is told of a run with hooks: a line when its session is opened and one when that is over, or
/// was not started. Where the second one is missing nobody lived to run the hooks.
struct RunLog {
    private let log: SystemLog
    private let request: RunRequest
    /// Whatever matters less is not told.
    private let least: SystemLog.Level?

    init(_ facility: SystemLog.Facility, _ request: RunRequest, least: SystemLog.Level? = .information) {
        log = SystemLog(facility)
        self.request = request
        self.least = least
    }

    /// As `glexec.conf` has it.
    init(_ mode: GlexecMode, _ request: RunRequest) {
        self.init(mode.facility, request, least: mode.leastLevel)
    }

    func opened(_ session: String) {
        let program = request.command.first.map { Escaping.shown($0) } ?? "a log-in shell"
        let account = request.identity.map { " as user '\($0.account.name)' for uid \(request.caller)" } ?? ""
        let hooks = [("before", request.hooks?.before), ("after", request.hooks?.after)].compactMap { phase, path in
            path.map { "\(phase)-hook \(Escaping.shown($0))" }
        }
        let what = (["\(program)\(account)"] + hooks).joined(separator: ", ")
        tell(.information, isNeeded: true, "session \(session) opened: \(what)")
    }

    /// A run in gLExec mode that has not come to a session, nor to what its configuration says of logs.
    static func refused(_ error: GlexecError) {
        let log = SystemLog(.daemon)
        if case .configuration(let faults) = error { return faults.forEach { log.write(.error, $0) } }
        log.write(.error, Escaping.shown(error.description.utf8))
    }

    func over(_ record: EndingRecord) {
        let verdict = "session \(record.session.id) ended: \(record.reason.rawValue), \(record.verdict.rawValue)"
        tell(record.verdict == .survivors ? .error : .information, isNeeded: true, verdict)
        for hook in record.hooks {
            tell(hook.isSuccess ? .information : .error, "session \(record.session.id): \(Summary.line(hook))")
        }
    }

    func warned(_ warning: String) { tell(.warning, Escaping.shown(warning.utf8)) }

    /// There is nothing that could be over: whoever looks for sessions without an end must not find this one.
    func notStarted(_ session: String?, _ error: any Error) { failed(session.map { "\($0) not started" }, error) }

    /// Without a session there was none yet.
    func failed(_ session: String?, _ error: any Error) {
        let subject = session.map { "session \($0): " } ?? ""
        tell(.error, Escaping.shown("\(subject)\(error)".utf8))
    }

    /// - Parameter isNeeded: whether an epilogue makes it worth telling where only errors are told: without both lines
    ///   nobody could see that an `ended` is missing.
    private func tell(_ level: SystemLog.Level, isNeeded: Bool = false, _ line: String) {
        guard let least else { return }
        if level.rawValue <= least.rawValue || isNeeded && request.hooks?.after != nil { log.write(level, line) }
    }
}
