// SPDX-License-Identifier: Apache-2.0

/// What names one process for as long as the machine is up: its pid together with the moment it was started.
///
/// A pid alone is reused. Even pid and start time are no proof at the instant of use (a pid can be recycled within one
/// clock tick), so whoever signals opens a pidfd first and compares the start time through it.
public struct ProcessIdentity: Hashable, Sendable {
    /// The process id, as seen from Exeunt's own pid namespace.
    public let pid: Int32
    /// Field 22 of `/proc/PID/stat`: clock ticks after boot, proc_pid_stat(5).
    public let startTime: UInt64

    /// Names the process that has this pid and was started at this tick.
    public init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }
}
