// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Whether an audit session is that of a log-in: root has begun it at the opening, and nobody else has it.
///
/// A service that an administrator has restarted from her session carries hers, and whoever logs in by it would share it.
struct AuditedLogin {
    private let table: ProcessTable

    init(_ table: ProcessTable) { self.table = table }

    /// The audit session that this process has begun for a log-in of `owner`; nil if it has inherited it, or has none.
    func session(begunBy process: ProcessStat, for owner: UInt32) throws(SystemError) -> UInt32? {
        guard let session = try table.auditSession(process.pid), try table.loginUID(process.pid) == owner else {
            return nil
        }
        let inherited = try table.auditSession(process.parent)
        return session == inherited ? nil : session
    }
}
