// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// How a process ended.
public enum ExitStatus: Hashable, Sendable {
    case exited(Int32)
    case signalled(Signal, coreDumped: Bool)
}

/// The caller's children, looked at without taking anything that was not asked for.
public enum Children {
    /// What was seen.
    public enum PeekResult: Hashable, Sendable {
        /// There is no (such) child.
        case none
        /// None has exited.
        case running
        /// Still a zombie: its pid cannot be used again until `reap(pid:)`.
        case exited(pid: Int32, ExitStatus)
    }

    /// Looks for any child that has exited.
    public static func peek() throws(SystemError) -> PeekResult { try look(0, WEXITED | WNOWAIT) }

    /// Looks whether this child has exited.
    public static func peek(pid: Int32) throws(SystemError) -> PeekResult {
        guard pid > 0 else { return .none }
        return try look(pid, WEXITED | WNOWAIT)
    }

    /// Takes the exit of this child; from here on its pid may name another process.
    /// - Returns: nil when it has not exited or is no child.
    @discardableResult
    public static func reap(pid: Int32) throws(SystemError) -> ExitStatus? {
        guard pid > 0, case .exited(_, let status) = try look(pid, WEXITED) else { return nil }
        return status
    }

    /// Takes the news that this child was stopped, and by what.
    public static func peekStop(pid: Int32) throws(SystemError) -> Signal? {
        guard let child = try wait(pid, WSTOPPED) else { return nil }
        return Signal(rawValue: child.status)
    }

    /// Takes the news that this child goes on.
    public static func peekContinued(pid: Int32) throws(SystemError) -> Bool {
        try wait(pid, WCONTINUED) != nil
    }

    private static func look(_ pid: Int32, _ options: CInt) throws(SystemError) -> PeekResult {
        var child = ChildNews()
        let result = takeNews(of: pid, options, &child)
        if result == -Int(ECHILD) { return .none }
        guard try check(result, "wait for", pid == 0 ? "children" : "child \(pid)") > 0 else { return .running }
        // CLD_EXITED and CLD_DUMPED.
        let status: ExitStatus =
            child.code == 1
            ? .exited(child.status) : .signalled(Signal(rawValue: child.status), coreDumped: child.code == 3)
        return .exited(pid: child.pid, status)
    }

    private static func wait(_ pid: Int32, _ options: CInt) throws(SystemError) -> ChildNews? {
        guard pid > 0 else { return nil }
        var child = ChildNews()
        let result = takeNews(of: pid, options, &child)
        if result == -Int(ECHILD) { return nil }
        return try check(result, "wait for", "child \(pid)") > 0 ? child : nil
    }
}
