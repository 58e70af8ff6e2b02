// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Whether a subreaper really gets the orphans below it, tried with three processes that exit at once.
enum OrphanTrial {
    /// - Returns: nil when no child could be made, or the caller ignores SIGCHLD, so that nothing is known.
    static func run() -> Bool? {
        // try?: the errno of a fork that fails says nothing about subreapers.
        guard let fork = try? CurrentProcess.fork() else { return nil }
        guard case .parent(let child) = fork else {
            // try?: the child has only its exit code to tell.
            CurrentProcess.exit((try? inheritsOrphan()).map { $0 ? 0 : 1 } ?? 2)
        }
        switch waitForExit(of: child) {
        case 0: return true
        case 1: return false
        default: return nil
        }
    }

    private static func inheritsOrphan() throws(SystemError) -> Bool {
        // An ignored SIGCHLD would make the orphan vanish instead of wait.
        try CurrentProcess.setIgnored(.chld, false)
        try CurrentProcess.becomeSubreaper()
        guard case .parent(let middle) = try CurrentProcess.fork() else { try leaveOrphan() }
        guard waitForExit(of: middle) == 0 else { throw SystemError("fork", "", .resourceTemporarilyUnavailable) }
        guard case .exited(let orphan, _) = try Children.peek() else { return false }
        try Children.reap(pid: orphan)
        return true
    }

    /// The orphan has exited for certain before its parent does, and is not reaped by it.
    private static func leaveOrphan() throws(SystemError) -> Never {
        guard case .parent(let orphan) = try CurrentProcess.fork() else { CurrentProcess.exit(0) }
        var news = siginfo_t()
        while waitid(P_PID, id_t(orphan), &news, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        CurrentProcess.exit(0)
    }

    /// nil when it did not exit by itself, or cannot be waited for.
    private static func waitForExit(of child: Int32) -> Int32? {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            if errno != EINTR { return nil }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
}
