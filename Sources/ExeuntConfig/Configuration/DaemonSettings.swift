// SPDX-License-Identifier: Apache-2.0

/// `[Daemon]`: what exeuntd writes, and where.
public struct DaemonSettings: Settings, Hashable {
    /// The file that gets the record of each ending.
    public var recordFile = "/var/log/exeunt/ended.jsonl"
    /// The facility of its messages in the system's log.
    public var facility = SyslogFacility.authpriv
    /// Whether it writes its metrics to a file.
    public var writesMetrics = true

    /// The defaults.
    public init() {}
}
