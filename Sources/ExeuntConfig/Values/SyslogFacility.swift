// SPDX-License-Identifier: Apache-2.0

/// A facility of the system's log, syslog(3), by its name in syslog.conf(5).
public enum SyslogFacility: String, CaseIterable, Hashable, Sendable {
    /// Log-ins, for everybody's eyes.
    case auth
    /// Log-ins, for few.
    case authpriv
    /// Services.
    case daemon
    /// Programs of users.
    case user
    /// The site's own.
    case local0, local1, local2, local3, local4, local5, local6, local7
}
