// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension Keeper {
    /// Cleans up after the ending: takes the last exits and removes the leaf, unless somebody is to stay in it.
    func conclude() throws(SystemError) {
        try reaper.release()
        try reap()
        // Bounded, since what report mode lets live may go on forking and exiting for ever.
        for _ in 0..<Self.lastHandfuls where wantsReaping { try reap() }
        try prepared.output?.take()
        if isTakenOver {
            try terminal?.takeBackFromNobody()
            try endHooksOfOthers()
        }
        guard verdict != .kept, verdict != .reported else { return }
        // The daemon waits for those that have survived, and removes it then.
        if prepared.login != nil, verdict == .survivors { return }
        try trackers.removeCgroup()
    }

    private static let lastHandfuls = 1000

    /// The record of the ending.
    func makeRecord() -> EndingRecord {
        let ending = session.ending
        let now = Instant.now()
        let ended = CivilClock.now()
        let began = ending.began ?? now
        let times = endingBegan
        let empty = ending.emptied.map { ended - DurationText.nanoseconds(now - $0) }
        return EndingRecord(
            session: EndingRecord.SessionFacts(
                id: prepared.id, owner: prepared.owner,
                caller: prepared.callerToShow, leader: leaderIdentity, command: prepared.shownCommand,
                hasTerminal: terminal != nil, cgroup: trackers.cgroup?.path, login: prepared.login?.facts),
            bootID: bootID, trackers: trackers.trackers, mode: prepared.request.mode,
            reason: session.reason ?? .payloadExited, laterReasons: session.laterReasons,
            ladder: prepared.request.ladder, unkillable: prepared.request.unkillable, payload: payloadEnd,
            verdict: verdictSoFar ?? .survivors, opened: prepared.opened, ending: times?.civil ?? ended, empty: empty,
            ended: ended, took: now - (times?.instant ?? now), processes: Array(ending.roster.leftOvers), began: began,
            omitted: ending.roster.omitted, hooks: hooksSoFar, exitCode: exitCode)
    }

    private var bootID: String {
        do throws(SystemError) {
            return try CurrentProcess.bootID()
        } catch {
            // A container without /proc/sys: the record says so by an empty id.
            return ""
        }
    }

    var payloadEnd: EndingRecord.PayloadEnd? {
        switch leaderStatus {
        case .exited(let code): .exited(code)
        case .signalled(let signal, _): .signalled(signal.rawValue)
        case nil: nil
        }
    }

    /// The Ctrl-C that has ended a payload at a terminal: shells tell by the signal whether a loop or a script is meant
    /// too, and not by the exit code.
    var interruptOfPayload: FrontMessage? {
        guard terminal != nil, case .signalled(.int, _) = leaderStatus,
            exitCode == ExitCode.signalled + Signal.int.rawValue
        else { return nil }
        return FrontMessage(signal: .int, isFromKernel: false)
    }

    private var exitCode: Int32 {
        // Nobody exits with it; it says as every command does how it went.
        if prepared.login != nil { return verdictSoFar == .survivors || verdictSoFar == nil ? ExitCode.survivors : 0 }
        return exitCodeOfPayload
    }

    private var exitCodeOfPayload: Int32 {
        prepared.request.exitCodes.code(
            for: payloadEnd, verdictSoFar, isTakenOver: session.reason == .supervisorExited, hooksSoFar)
    }
}
