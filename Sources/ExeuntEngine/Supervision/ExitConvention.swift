// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What the exit codes of a run mean.
public enum ExitConvention: Hashable, Sendable {
    /// The payload's own, and those of `ExitCode`.
    case native
    /// gLExec's: 201 to 204 tell what went wrong besides the payload.
    case glexec

    /// gLExec: what the caller asked for cannot be done, such as a command that is not there.
    static let clientError: Int32 = 201
    /// gLExec: anything that is not the caller's fault, a failed epilogue included.
    static let internalError: Int32 = 202
    /// gLExec: whoever calls may not.
    static let notAuthorised: Int32 = 203
    /// gLExec: the payload, or the epilogue, has itself exited with one of the four codes.
    static let ambiguous: Int32 = 204

    /// The command line is wrong.
    public var usage: Int32 { self == .native ? ExitCode.usage : Self.clientError }

    /// Exeunt itself failed.
    public var failure: Int32 { self == .native ? ExitCode.failure : Self.internalError }

    /// For a run that came to its end.
    func code(
        for payload: EndingRecord.PayloadEnd?, _ verdict: Verdict?, isTakenOver: Bool, _ hooks: [HookOutcome]
    ) -> Int32 {
        // Nobody waits for a hook before the ladder to say that all is well; what runs after it is what a site relies on.
        // That nobody knows how far one came is Exeunt's own failure in either case.
        if let failed = hooks.first(where: { $0.phase == .after ? !$0.isSuccess : $0.isUnknown }) {
            if self == .glexec, case .exited(let code) = failed.end, Self.own.contains(code) { return Self.ambiguous }
            return failure
        }
        if verdict == .survivors { return self == .native ? ExitCode.survivors : Self.internalError }
        if isTakenOver { return failure }
        switch payload {
        case .exited(let code): return self == .glexec && Self.own.contains(code) ? Self.ambiguous : code
        case .signalled(let number): return ExitCode.signalled + number
        case nil: return failure
        }
    }

    private static let own: ClosedRange<Int32> = 201...204

    /// For a payload that could not be started.
    func code(for error: any Error) -> Int32 {
        if self == .glexec, let error = error as? IdentityError { return GlexecError(error).exitCode }
        guard let error = error as? SpawnError else { return failure }
        switch (self, error.stage) {
        case (.native, .execute): return error.isCommandMissing ? ExitCode.notFound : ExitCode.cannotExecute
        case (.glexec, .execute):
            let isAbsent = [.noSuchFileOrDirectory, .notDirectory, .permissionDenied, .isDirectory].contains(
                error.error.errno)
            return isAbsent ? Self.clientError : ExitCode.cannotExecute
        case (.glexec, .directory): return Self.clientError
        default: return failure
        }
    }
}
