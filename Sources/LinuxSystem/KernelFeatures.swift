// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What the running kernel can do, each tried on a real object. What a container's system call filter refuses counts
/// as not there.
public struct KernelFeatures: Sendable, Hashable {
    /// What audit can be used for.
    public enum Audit: Sendable, Hashable {
        /// The kernel has none.
        case absent
        /// Processes carry audit sessions; the caller may not open one.
        case readable
        /// The caller may open an audit session.
        case writable
    }

    /// Such as `6.1.0-18-amd64`.
    public let release: String
    /// Handles of processes. Nothing goes without.
    public let pidfd: Bool
    /// Signals to a whole group by pidfd (6.9).
    public let processGroupSignals: Bool
    /// PIDFD_GET_INFO (6.13).
    public let pidfdInfo: Bool
    /// Handles have an inode of their own, by which they can be told apart (6.9).
    public let pidfs: Bool
    /// SO_PEERPIDFD (6.5).
    public let peerPidfd: Bool
    /// Orphaned descendants can be inherited.
    public let subreaper: Bool
    /// `/proc/PID/task/TID/children`
    public let childrenFile: Bool
    /// Sessions of the kernel's audit.
    public let audit: Audit

    /// Makes short-lived children of the caller.
    public static func probe() throws(SystemError) -> KernelFeatures {
        let release = try readFile("/proc/sys/kernel/osrelease")
        let own = clinux_pidfd_open(CurrentProcess.pid)
        defer { if own >= 0 { _ = clinux_close(own) } }
        let table = try ProcessTable()
        let pid = CurrentProcess.pid
        return KernelFeatures(
            release: String(decoding: release.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self),
            pidfd: own >= 0,
            processGroupSignals: groupSignalIsKnown(own),
            pidfdInfo: own >= 0 && requestInformation(own) == 0,
            pidfs: own >= 0 && clinux_file_system(own) == pidfsMagic,
            peerPidfd: try probePeer(),
            subreaper: probeSubreaper(),
            childrenFile: try table.children(of: pid, threads: 1) != nil,
            audit: probeAudit())
    }

    /// Whether a process can be born in this cgroup, tried with one that exits at once.
    /// - Returns: nil when it can.
    public static func obstacleToBirth(in cgroup: Cgroup) -> SpawnError? {
        var request = SpawnRequest(arguments: [], environment: [])
        request.cgroup = cgroup.directoryDescriptor
        return probeSpawn(request)
    }

    /// Signal 0 is only checked, never sent. A handle of a process that leads no group answers ESRCH where the flag
    /// is known, EINVAL where it is not.
    private static func groupSignalIsKnown(_ own: CInt) -> Bool {
        guard own >= 0 else { return false }
        let result = clinux_pidfd_send_signal(own, 0, signalProcessGroup)
        return result != -EINVAL && result != -ENOSYS
    }

    private static func probePeer() throws(SystemError) -> Bool {
        let pair = try makeSocketPair()
        let peer = peerHandle(pair.first.number)
        guard peer >= 0 else { return false }
        _ = clinux_close(CInt(peer))
        return true
    }

    private static func probeSubreaper() -> Bool {
        var isSubreaper: CInt = 0
        return withUnsafeMutablePointer(to: &isSubreaper) {
            clinux_prctl(PR_GET_CHILD_SUBREAPER, UInt(bitPattern: $0), 0) == 0
        }
    }

    private static func probeAudit() -> Audit {
        // try?: a file that cannot be read is as good as none.
        guard (try? readFile("/proc/self/sessionid")) != nil else { return .absent }
        var request = SpawnRequest(arguments: [], environment: [])
        request.loginUID = CurrentProcess.uid
        return probeSpawn(request) == nil ? .writable : .readable
    }
}
