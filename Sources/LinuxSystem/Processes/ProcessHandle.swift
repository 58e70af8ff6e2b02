// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What became of a signal.
public enum Delivery: Hashable, Sendable {
    case delivered
    /// The process had exited already.
    case gone
    case notPermitted
    /// The kernel knows no signals to groups by pidfd (before Linux 6.9).
    case unsupported
    case failed(Errno)
}

/// A process, held by pidfd: the number may be used again by the kernel, the handle never names another process.
public struct ProcessHandle: ~Copyable, Sendable {
    /// How far a signal goes.
    public enum Scope: Sendable {
        case process
        /// The process group whose id is this process's pid (Linux 6.9).
        case group
    }

    /// The number, for people and for /proc. Never to be signalled.
    public let pid: Int32
    private let file: Descriptor

    /// Takes over a pidfd.
    public init(adopting descriptor: consuming Descriptor, pid: Int32) {
        self.pid = pid
        file = descriptor
    }

    /// nil when there is no such process. Which process it is must be verified *after* this (start time), since the
    /// number could have been used again before. Fails with EMFILE, ENFILE or ENOMEM.
    public static func open(pid: Int32) throws(SystemError) -> ProcessHandle? {
        guard pid > 0 else { return nil }
        let result = openProcess(pid)
        // ENOENT, EINVAL: the number is that of a thread now, and the process is gone.
        if [ESRCH, ENOENT, EINVAL].contains(CInt(-result)) { return nil }
        return ProcessHandle(
            adopting: Descriptor(adopting: CInt(try check(result, "open", "process \(pid)"))), pid: pid)
    }

    /// A second handle of the same process. Fails with EMFILE.
    public borrowing func duplicate() throws(SystemError) -> ProcessHandle {
        ProcessHandle(adopting: try file.duplicate(), pid: pid)
    }

    /// Readable once the process has exited, whether it has been reaped or not.
    public var descriptor: CInt { file.number }

    /// Nothing of it runs any more; a zombie counts as exited.
    public var hasExited: Bool { pollOne(file.number, POLLIN, milliseconds: 0) > 0 }

    /// Waits until the process has exited.
    /// - Returns: false when it had not within the time.
    public func waitForExit(_ patience: Duration) -> Bool {
        pollOne(file.number, POLLIN, milliseconds: patience.millisecondsRoundedUp) > 0
    }

    /// Sends through the handle, so that it reaches this very process or nobody.
    public func send(_ signal: Signal, to scope: Scope = .process) -> Delivery {
        let flags = scope == .group ? signalProcessGroup : 0
        let error = CInt(-sendSignal(file.number, signal.rawValue, flags))
        switch error {
        case 0: return .delivered
        case ESRCH: return .gone
        case EPERM: return .notPermitted
        case EINVAL where scope == .group && (1...64).contains(signal.rawValue): return .unsupported
        default: return .failed(Errno(rawValue: error))
        }
    }
}
