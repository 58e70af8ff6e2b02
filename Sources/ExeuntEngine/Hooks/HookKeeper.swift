// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Keeps one hook as a session of its own, in a process of its own: its cgroup, its orphans and its timeout have nothing
/// to do with the session that it runs for, and whatever it has started goes as a payload's left-overs go.
enum HookKeeper {
    /// Runs the hook to its end, and reports.
    static func run(
        _ hook: Hook, for prepared: PreparedRun, front: FrontLink, report: borrowing Descriptor,
        failed: @escaping (any Error) -> Void
    ) -> Int32 {
        let began = MonotonicInstant.now()
        var outcome = HookOutcome(phase: hook.phase, path: hook.path, end: .notRun("it was not begun"))
        do {
            try run(hook, for: prepared, front, &outcome, failed)
        } catch {
            outcome.end = .notRun("\(error)")
        }
        outcome.took = MonotonicInstant.now() - began
        do throws(SystemError) {
            try report.write(HookReport.encode(outcome))
        } catch {
            // The parent is gone, and with it whoever wanted to know.
            return ExitCode.failure
        }
        return 0
    }

    private static func run(
        _ hook: Hook, for prepared: PreparedRun, _ front: FrontLink, _ outcome: inout HookOutcome,
        _ failed: @escaping (any Error) -> Void
    ) throws {
        let file = try TrustedFile.open(hook.path, as: .program, hook.setup.rules)
        outcome.file = ExecutableIdentity(device: file.identity.device, inode: file.identity.inode)
        let null = try CurrentProcess.openNull()
        // None but hooks after the ladder has one; the others get an empty file, which nobody tells them of.
        let record = try MemoryFile.make(hook.record ?? [], name: "record")
        let output = hook.setup.capturesOutput ? try HookOutput() : nil
        var request = hook.spawnRequest(file, prepared.descriptorLimit)
        let written = output?.writeDescriptor ?? null.number
        request.standardDescriptors = StandardStreams(input: null.number, output: written, error: written)
        request.passedDescriptors = hook.record == nil ? [] : [record.descriptor]
        if hook.record != nil { request.environment.append(Array("EXEUNT_RECORD=\(record.path)".utf8)) }
        let spare = hook.setup.variables.spareVariables(for: hook.facts)
        let audience = HookAudience(failed: failed)
        let run = try PreparedRun(hook, for: prepared, request, spare: spare, output: output)
        _ = Keeper.keep(run, front: front, audience)
        if let end = audience.record { outcome.note(end) } else { outcome.end = .notRun(audience.why) }
        outcome.output = output?.contents
    }
}

/// What the keeper of a hook says, for the report.
private final class HookAudience: Supervision.Audience {
    private(set) var record: EndingRecord?
    private(set) var why = "it could not be started"
    private let tell: (any Error) -> Void

    init(failed: @escaping (any Error) -> Void) { tell = failed }

    func opened(_ session: String) {}
    func progress(_ progress: EndingProgress) {}
    func document(_ record: EndingRecord) throws -> [UInt8] { [] }
    func failed(_ error: any Error) { tell(error) }
    func notStarted(_ error: any Error) { why = "\(error)" }

    func over(_ record: EndingRecord) -> Bool {
        self.record = record
        return true
    }
}

extension HookOutcome {
    fileprivate mutating func note(_ record: EndingRecord) {
        switch record.payload {
        case .exited(let code): end = .exited(code)
        case .signalled(let number): end = .signalled(number)
        case nil: end = .unknown("its supervisor was killed")
        }
        isTimedOut = record.reason == .timeLimit
        leftOvers = record.processes.filter { $0.process.identity != record.session.leader }.map { member in
            LeftOver(pid: member.process.identity.pid, name: member.process.name, isGone: member.isGone)
        }
    }
}
