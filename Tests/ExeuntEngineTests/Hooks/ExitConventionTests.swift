// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem
import Testing

@testable import ExeuntEngine

/// How a run ended, and what exit code says so in either convention.
struct ExitRow: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let payload: EndingRecord.PayloadEnd?
    let verdict: Verdict
    let isTakenOver: Bool
    let hooks: [HookOutcome]
    let native: Int32
    let glexec: Int32

    init(
        _ name: String, _ payload: EndingRecord.PayloadEnd?, _ verdict: Verdict = .clean, takenOver: Bool = false,
        hooks: [HookOutcome] = [], native: Int32, glexec: Int32
    ) {
        (testDescription, self.payload, self.verdict, isTakenOver) = (name, payload, verdict, takenOver)
        (self.hooks, self.native, self.glexec) = (hooks, native, glexec)
    }
}

private func before(_ end: HookOutcome.End) -> HookOutcome { HookOutcome(phase: .before, path: [], end: end) }
private func after(_ end: HookOutcome.End) -> HookOutcome { HookOutcome(phase: .after, path: [], end: end) }
private let late: HookOutcome = {
    var outcome = after(.exited(0))
    outcome.isTimedOut = true
    return outcome
}()

struct ExitConventionTests {
    @Test(arguments: [
        ExitRow("payload succeeds", .exited(0), native: 0, glexec: 0),
        ExitRow("payload fails", .exited(3), .left, native: 3, glexec: 3),
        ExitRow("payload is killed", .signalled(9), .killed, native: 137, glexec: 137),
        ExitRow("payload exits as gLExec itself would", .exited(202), native: 202, glexec: 204),
        ExitRow("payload exits with 201", .exited(201), native: 201, glexec: 204),
        ExitRow("payload exits with 205", .exited(205), native: 205, glexec: 205),
        ExitRow("payload exits with 126", .exited(126), native: 126, glexec: 126),
        ExitRow("survivors", .exited(0), .survivors, native: 1, glexec: 202),
        ExitRow("keeper was killed", nil, takenOver: true, native: 125, glexec: 202),
        ExitRow("front was killed", .exited(0), takenOver: true, native: 125, glexec: 202),
        ExitRow("hooks succeed", .exited(0), hooks: [before(.exited(0)), after(.exited(0))], native: 0, glexec: 0),
        ExitRow("before-hook fails", .exited(3), hooks: [before(.exited(1))], native: 3, glexec: 3),
        ExitRow("before-hook is not run", .exited(0), hooks: [before(.notRun("x"))], native: 0, glexec: 0),
        ExitRow("before-hook is lost", .exited(0), hooks: [before(.unknown("x"))], native: 125, glexec: 202),
        ExitRow("epilogue fails", .exited(0), hooks: [after(.exited(1))], native: 125, glexec: 202),
        ExitRow("epilogue fails as well", .exited(3), hooks: [after(.exited(1))], native: 125, glexec: 202),
        ExitRow(
            "epilogue exits as gLExec itself would", .exited(0), hooks: [after(.exited(203))], native: 125, glexec: 204),
        ExitRow("epilogue is killed", .exited(0), hooks: [after(.signalled(15))], native: 125, glexec: 202),
        ExitRow("epilogue is late", .exited(0), hooks: [late], native: 125, glexec: 202),
        ExitRow("epilogue is not run", .exited(0), hooks: [after(.notRun("x"))], native: 125, glexec: 202),
        ExitRow("epilogue is lost", .exited(0), hooks: [after(.unknown("x"))], native: 125, glexec: 202),
        ExitRow(
            "second epilogue fails", .exited(0), hooks: [after(.exited(0)), after(.exited(9))], native: 125, glexec: 202
        ),
        ExitRow(
            "failing epilogue and survivors", .exited(0), .survivors, hooks: [after(.exited(1))], native: 125,
            glexec: 202),
    ])
    func code(_ row: ExitRow) {
        for (convention, code) in [(ExitConvention.native, row.native), (.glexec, row.glexec)] {
            let found = convention.code(for: row.payload, row.verdict, isTakenOver: row.isTakenOver, row.hooks)
            #expect(found == code, "\(convention)")
        }
    }

    @Test(arguments: [
        (SpawnError.Stage.execute, Errno.noSuchFileOrDirectory, Int32(126), Int32(201)),
        (.execute, .permissionDenied, 126, 201), (.execute, .isDirectory, 126, 201),
        (.execute, .execFormatError, 126, 126), (.directory, .permissionDenied, 125, 201),
        (.clone, .resourceTemporarilyUnavailable, 125, 202), (.credentials, .notPermitted, 125, 202),
    ])
    func notStarted(_ stage: SpawnError.Stage, _ errno: Errno, _ native: Int32, _ glexec: Int32) {
        var error = SpawnError(stage: stage, error: SystemError("x", "y", errno))
        #expect(ExitConvention.native.code(for: error) == native)
        #expect(ExitConvention.glexec.code(for: error) == glexec)
        error.isCommandMissing = true
        if stage == .execute { #expect(ExitConvention.native.code(for: error) == 127) }
    }

    @Test func whateverElseFailsIsExeunts() {
        struct Other: Error {}
        #expect(ExitConvention.native.code(for: Other()) == 125)
        #expect(ExitConvention.glexec.code(for: Other()) == 202)
    }
}
