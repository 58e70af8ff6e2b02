// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Keeps one hook as a session of its own, in a process of its own: its cgroup, its orphans and its timeout have nothing
/// to do with the session that it runs for, and whatever it has started goes as a payload's left-overs go.
struct HookKeeper {
    private let hook: Hook
    private let prepared: PreparedRun
    private let front: FrontLink
    private let failed: (any Error) -> Void

    /// Runs the hook to its end, and reports.
    static func run(
        _ hook: Hook, for prepared: PreparedRun, front: FrontLink, report: borrowing Descriptor,
        failed: @escaping (any Error) -> Void
    ) -> Int32 {
        let keeper = HookKeeper(hook: hook, prepared: prepared, front: front, failed: failed)
        let began = MonotonicInstant.now()
        // Whoever called root could cut the hook short by his own.
        if CurrentProcess.effectiveUID == 0 { ResourceLimit.restoreDefaults() }
        var result = HookReport(HookOutcome(phase: hook.phase, path: hook.path, end: .notRun("it was not begun")))
        do {
            try keeper.run(&result)
        } catch {
            result.note(notBegun: error)
        }
        result.outcome.took = MonotonicInstant.now() - began
        do throws(SystemError) {
            try report.write(result.bytes)
        } catch {
            // The parent is gone, and with it whoever wanted to know.
            return ExitCode.failure
        }
        return 0
    }

    private func run(_ report: inout HookReport) throws {
        let file = try TrustedFile.open(hook.path, as: .program, hook.setup[rules: hook.phase])
        report.outcome.file = ExecutableIdentity(device: file.identity.device, inode: file.identity.inode)
        // None but hooks after the ladder has one; the others get an empty file, which nobody tells them of.
        let record = try MemoryFile.make(hook.record ?? [], name: "record", owner: hook.owner)
        try run(file, record, null: try CurrentProcess.openNull(), &report)
    }

    /// Borrows what the hook inherits, so that all of it is open until the hook has ended: a number alone keeps nothing
    /// open.
    private func run(
        _ file: borrowing TrustedFile, _ record: borrowing MemoryFile, null: borrowing Descriptor,
        _ report: inout HookReport
    ) throws {
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
        report.outcome.output = output?.contents
        switch audience.end {
        case .over(let record): report.outcome.note(record)
        case .notStarted(let error): report.note(notBegun: error)
        case .gaveUp(let error): report.outcome.end = .unknown("\(error)")
        case nil: report.outcome.end = .unknown("its supervisor did not say")
        }
    }
}

/// What the keeper of a hook says, for the report.
private final class HookAudience: Supervision.Audience {
    enum End {
        case over(EndingRecord)
        case notStarted(any Error)
        case gaveUp(any Error)
    }

    private(set) var end: End?
    private let tell: (any Error) -> Void

    init(failed: @escaping (any Error) -> Void) { tell = failed }

    func opened(_ session: String) {}
    func progress(_ progress: EndingProgress) {}
    func document(_ record: EndingRecord) throws -> [UInt8] { [] }
    func failed(_ error: any Error) { tell(error) }
    func notStarted(_ error: any Error) { end = .notStarted(error) }
    func gaveUp(_ error: any Error) { end = .gaveUp(error) }

    func over(_ record: EndingRecord) -> Bool {
        end = .over(record)
        return true
    }
}

extension HookReport {
    fileprivate mutating func note(notBegun error: any Error) {
        outcome.end = .notRun("\(error)")
        mayBeTriedAgain = Shortage.isBehind(error)
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
