// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Gives the payload's process group the terminal and takes it back, so that job control works as if Exeunt were not
/// there.
///
/// The payload has a process group of its own. Started as the only program of a foreground job it gets the terminal
/// at once. In a pipeline or a script another process of the job may want it, so there it gets the terminal when it
/// asks, which the kernel shows by stopping it with SIGTTIN or SIGTTOU.
final class TerminalControl {
    private let terminal: ControllingTerminal
    private let ownGroup: Int32
    private let front: Int32
    private let table: ProcessTable
    /// Whether the payload's group is, or was when the job was stopped, the foreground group.
    private var isLent = false
    /// Whether the job is stopped as a whole, the front included.
    private(set) var isStopped = false

    /// nil without a controlling terminal.
    init?(front: Int32, table: ProcessTable) {
        guard let terminal = ControllingTerminal.open() else { return nil }
        self.terminal = terminal
        self.front = front
        self.table = table
        ownGroup = CurrentProcess.group
    }

    private var isOwnGroupForeground: Bool { terminal.foregroundGroup == ownGroup }

    /// The terminal for a payload that is to have it from its birth, nil for one that has to ask.
    func lendAtBirth() -> CInt? {
        guard isOwnGroupForeground, ownGroup == front, isTerminal(0), isTerminal(1) else { return nil }
        isLent = true
        return terminal.descriptor
    }

    /// The payload is gone, or could not be born after all.
    func takeBack() throws(SystemError) {
        guard isLent else { return }
        isLent = false
        // While the job is stopped, the terminal is the shell's.
        if !isStopped { try assign(to: ownGroup) }
    }

    /// Takes the terminal from a group in which nobody is left: a keeper that was killed had lent it.
    func takeBackFromNobody() throws(SystemError) {
        guard let group = terminal.foregroundGroup, group != ownGroup else { return }
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        for pid in pids where try table.stat(pid)?.group == group { return }
        try assign(to: ownGroup)
    }

    /// What has to happen after the payload was stopped by this signal.
    enum Response {
        /// It has been given the terminal, or may not be stopped: continue it.
        case continuePayload
        /// Stop the front too.
        case stopFront
    }

    func payloadStopped(by signal: Signal, group: Int32) throws(SystemError) -> Response {
        let asksForTerminal = signal == .ttin || signal == .ttou
        if asksForTerminal, !isLent, isOwnGroupForeground {
            isLent = true
            try assign(to: group)
            return .continuePayload
        }
        if try table.isInOrphanedGroup(front), signal != .stop { return .continuePayload }
        if isLent { try assign(to: ownGroup) }
        isStopped = true
        return .stopFront
    }

    /// The job was continued: in the foreground, the payload gets the terminal back that it had.
    func continued(group: Int32) throws(SystemError) {
        guard isStopped else { return }
        isStopped = false
        if isLent, isOwnGroupForeground { try assign(to: group) } else { isLent = false }
    }

    /// A terminal that was hung up meanwhile is no error: there is nothing left to control.
    private func assign(to group: Int32) throws(SystemError) {
        do throws(SystemError) {
            try terminal.setForegroundGroup(group)
        } catch {
            switch error.errno {
            case .inappropriateIOCTLForDevice, .ioError, .noSuchProcess, .notPermitted: return
            default: throw error
            }
        }
    }
}
