// SPDX-License-Identifier: Apache-2.0

/// What happens to what a log-in session leaves behind: `KillUserProcesses=`.
public enum KillPolicy: String, CaseIterable, Hashable, Sendable {
    /// It is ended.
    case yes
    /// It lives on.
    case no
    /// It is written down, and lives on.
    case report
}
