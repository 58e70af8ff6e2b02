// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What a process has used so far, from `/proc/PID/stat`, proc_pid_stat(5).
public struct ProcessUsage: Hashable, Sendable {
    /// Time on processors, in user and in kernel mode.
    public let processor: Duration
    /// Memory that is resident now, in bytes.
    public let memory: UInt64

    /// nil when it is no such line.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> ProcessUsage? {
        guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        var rest = DecimalFields(bytes, from: close + 1)
        guard rest.nextLetter() != nil else { return nil }
        // ppid pgrp session tty_nr tpgid flags minflt cminflt majflt cmajflt
        for _ in 0..<10 where rest.next() == nil { return nil }
        guard let user = rest.next(), let system = rest.next() else { return nil }
        // cutime cstime priority nice num_threads itrealvalue starttime vsize
        for _ in 0..<8 where rest.next() == nil { return nil }
        guard let pages = rest.next() else { return nil }
        let ticks = Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let size = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
        return ProcessUsage(
            processor: .nanoseconds((user + system) * (1_000_000_000 / ticks)), memory: UInt64(max(0, pages)) * size)
    }
}

extension ProcessTable {
    /// What `/proc/PID/stat` says of its use of the machine; nil when it is not there.
    public func usage(_ pid: Int32) throws(SystemError) -> ProcessUsage? {
        try read(pid, "/stat").flatMap(ProcessUsage.parse)
    }
}
