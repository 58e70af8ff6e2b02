// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// A payload that somebody who is not root has asked for: what the process does that keeps it.
struct DelegatedRun {
    let call: RunCall
    let caller: UInt32
    /// That of whoever asked; nil on a host without.
    let cgroup: LoginCgroup?
    let settings: Configuration
    let records: RecordSpool
    /// Not to standard error, which is the caller's.
    let log: SessionLog

    /// How long the caller may take to hand its standard streams over.
    private static let patience = Duration.seconds(10)

    /// - Parameter socket: from which the caller's standard streams come.
    /// - Returns: the exit code for the caller.
    func run(_ socket: CInt) -> Int32 {
        do {
            guard let streams = try DescriptorPassing.receive(3, from: socket, patience: Self.patience) else {
                return ExitCode.failure
            }
            try CurrentProcess.takeStandardStreams(streams)
            return try run()
        } catch {
            log.failed(nil, error)
            tell("\(error)")
            return ExitCode.failure
        }
    }

    private func run() throws -> Int32 {
        let accounts = HostAccounts()
        // Who may not is told the same whoever she asks for, so that nothing is learned of others' accounts.
        guard let target = try accounts.uid(ofUser: call.user) ?? UInt32(call.user),
            let pair = try settings.run.pair(caller: caller, target: target, accounts)
        else {
            log.said(
                .warning,
                "run refused: caller=\(caller) user=\(Escaping.shown(call.user.utf8)): no pair of [Run] allows it")
            tell("no pair of [Run] in the configuration allows you to run anything as that user")
            return ExitCode.failure
        }
        let identity = try PayloadIdentity.resolve(user: String(target), group: call.group, supplementary: nil)
        // What root's command line may do with groups is not for everybody: only those that the user's own log-in has.
        guard identity.account.groups(with: identity.account.gid).contains(identity.credentials.gid) else {
            tell("\(identity.account.name) is no member of group \(Escaping.shown((call.group ?? "").utf8))")
            return ExitCode.failure
        }
        try CurrentProcess.leadOwnSession()
        try CurrentProcess.setName("exeunt")
        ResourceLimit.restoreDefaults()
        // Nothing of the daemon's is the payload's.
        try CurrentProcess.setSignalMask(.none)
        guard try enterCgroup() else {
            tell("the cgroup that you have asked from is gone, and with it the session that would end the payload")
            return ExitCode.failure
        }
        log.said(
            .information,
            "run: caller=\(caller) target=\(target) pair=\(pair) command=\(Escaping.shown((call.command.first ?? "").utf8))"
        )
        return Supervision.run(try request(identity), for: DelegatedAudience(self))
    }

    /// The end of the caller's session, and her limits, are to hold for the payload: in the daemon's own cgroup neither would.
    ///
    /// - Returns: false if the caller's is gone.
    private func enterCgroup() throws(SystemError) -> Bool {
        guard let cgroup else { return true }
        guard let place = try cgroup.open(), let own = try ProcessHandle.open(pid: CurrentProcess.pid) else {
            return false
        }
        do throws(SystemError) {
            try place.admit(own)
            return true
        } catch {
            // ENODEV, ENOENT: removed since it was opened.
            if [.operationNotSupportedByDevice, .noSuchFileOrDirectory].contains(error.errno) { return false }
            throw error
        }
    }

    private func request(_ identity: PayloadIdentity) throws -> RunRequest {
        var request = RunRequest(
            command: call.command.map { Array($0.utf8) },
            trackers: settings.payload.trackers.isEmpty ? nil : settings.payload.trackers,
            ladder: settings.payload.ladder, unkillable: settings.payload.unkillable,
            timeLimit: [settings.payload.timeLimit, call.timeLimit.map { .seconds($0) }].compactMap(\.self).min())
        request.identity = identity
        request.caller = caller
        request.conditions.assignments = call.environment.map { Array($0.utf8) }
        request.conditions.directory = call.directory.map { Array($0.utf8) }
        if settings.hooks.areAny { request.hooks = try HookSetup(settings.hooks) }
        return request
    }

    /// Standard error is the caller's, who may not read it.
    fileprivate func tell(_ text: String) {
        writeBounded(Array("exeunt: \(Escaping.shown(text.utf8))\n".utf8), to: 2, patience: .seconds(2))
    }
}

/// What such a run says: to the caller what has failed, to the host everything.
private final class DelegatedAudience: Supervision.Audience {
    private let run: DelegatedRun

    init(_ run: DelegatedRun) { self.run = run }

    func opened(_ session: String) {}
    func progress(_ progress: EndingProgress) {}
    func document(_ record: EndingRecord) throws -> [UInt8] { try RecordDocument(record).encoded() }

    func over(_ record: EndingRecord) -> Bool {
        run.log.over(record)
        do {
            let document = try RecordDocument(record).encoded()
            // The daemon has it written, once this process has exited.
            try run.records.add(document, of: record.session.id)
            return true
        } catch {
            failed(error)
            return false
        }
    }

    func failed(_ error: any Error) {
        run.log.failed(nil, error)
        // What root sees in places that are root's is not for everybody.
        run.tell(error is TrustRefusal ? "a hook of this host is not trusted; the log has the reason" : "\(error)")
    }

    func notStarted(_ error: any Error) { failed(error) }
    func gaveUp(_ error: any Error) { failed(error) }
}
