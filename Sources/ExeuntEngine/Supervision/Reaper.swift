// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Takes the exits of the payload and of every orphan that the subreaper has got.
final class Reaper {
    private let table: ProcessTable
    /// A leader that stays a zombie until the end, so that its number, by which its process group is found, is not
    /// used again.
    var holdsLeader: Int32?
    private var hasHeldLeader = false
    /// Whether a child is left, other than a leader that is held.
    private(set) var hasChildren = true

    init(table: ProcessTable) { self.table = table }

    /// The exits taken in one go. Processes that fork and exit without pause leave them faster than they can be taken,
    /// and everything else must have its turn.
    private static let handful = 256

    /// The children that have exited, one after the other. `body` may still read each; it is reaped afterwards.
    ///
    /// - Returns: whether there may be more.
    func takeExits(_ body: (Int32, ExitStatus) throws(SystemError) -> Void) throws(SystemError) -> Bool {
        for _ in 0..<Self.handful where !hasHeldLeader {
            switch try Children.peek() {
            case .none:
                hasChildren = false
                return false
            case .running:
                hasChildren = true
                return false
            case .exited(let pid, let status):
                hasChildren = true
                try body(pid, status)
                if pid == holdsLeader { hasHeldLeader = true } else { try Children.reap(pid: pid) }
            }
        }
        guard hasHeldLeader else { return true }
        try takeExitsBesideLeader(body)
        return false
    }

    /// The zombie leader would be found again and again: look at every other child by its number.
    private func takeExitsBesideLeader(
        _ body: (Int32, ExitStatus) throws(SystemError) -> Void
    ) throws(SystemError) {
        hasChildren = false
        for pid in try table.everyChild(of: CurrentProcess.pid) where pid != holdsLeader {
            switch try Children.peek(pid: pid) {
            case .none: continue
            case .running: hasChildren = true
            case .exited(_, let status):
                try body(pid, status)
                try Children.reap(pid: pid)
            }
        }
    }

    /// Reaps a leader that was held, once its number is not needed any more.
    func release() throws(SystemError) {
        if hasHeldLeader, let leader = holdsLeader { try Children.reap(pid: leader) }
        holdsLeader = nil
        hasHeldLeader = false
    }
}
