// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// The kernel's audit session as evidence.
enum AuditSession {
    /// What keeps this process from opening one for a payload; nil when nothing does.
    ///
    /// Only a session that root opens is evidence: a process whose login uid was never set may set it once, to
    /// anything, and the session Exeunt itself is in holds the whole log-in.
    static var missing: String? {
        guard CurrentProcess.effectiveUID == 0 else { return "opening an audit session takes root" }
        do throws(SystemError) {
            try FileAccess.requireWritable("/proc/self/loginuid")
            return nil
        } catch {
            return "the kernel has no audit sessions (\(error.description))"
        }
    }

    /// The login uid a payload's session is opened for: that of the log-in it belongs to, else its owner's.
    static func loginUID(of owner: UInt32) throws(SystemError) -> UInt32 { try CurrentProcess.loginUID() ?? owner }
}
