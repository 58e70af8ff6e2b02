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
    /// Signals by handle. Nothing goes without.
    public let pidfdSignals: Bool
    /// Signals to a whole group by pidfd (6.9).
    public let processGroupSignals: Bool
    /// PIDFD_GET_INFO (6.13).
    public let pidfdInfo: Bool
    /// Handles have an inode of their own, by which they can be told apart (6.9).
    public let pidfs: Bool
    /// The same process can be found again by its file handle (6.14).
    public let pidfsHandles: Bool
    /// SO_PEERPIDFD (6.5).
    public let peerPidfd: Bool
    /// Children can be born in another cgroup.
    public let clone3: Bool
    /// Orphaned descendants can be inherited.
    public let subreaper: Bool
    /// Whether that was tried with an orphan; else only that the kernel knows of it could be seen.
    public let triedOrphan: Bool
    /// `/proc/PID/task/TID/children`
    public let childrenFile: Bool
    /// Sessions of the kernel's audit.
    public let audit: Audit

    /// Makes short-lived children of the caller.
    public static func probe() -> KernelFeatures {
        let own = CInt(openProcess(CurrentProcess.pid))
        defer { if own >= 0 { _ = clinux_close(own) } }
        let orphan = OrphanTrial.run()
        // try?: a /proc that cannot be read is as good as none.
        let children = try? ProcessTable().children(of: CurrentProcess.pid, threads: 1)
        return KernelFeatures(
            release: release(),
            pidfd: own >= 0,
            pidfdSignals: own >= 0 && sendSignal(own, 0, 0) == 0,
            processGroupSignals: groupSignalIsKnown(own),
            pidfdInfo: own >= 0 && requestInformation(own) == 0,
            pidfs: own >= 0 && fileSystem(of: own) == pidfsMagic,
            pidfsHandles: own >= 0 && canBeFoundAgain(own),
            peerPidfd: probePeer(),
            // Without arguments it makes nothing: EINVAL where it is known.
            clone3: clinux_call(435, 0, 0, 0, 0, 0) == -Int(EINVAL),
            subreaper: orphan ?? subreaperIsKnown(),
            triedOrphan: orphan != nil,
            childrenFile: children != nil,
            audit: probeAudit())
    }

    /// Whether a process can be born in this cgroup, tried with one that exits at once.
    /// - Returns: nil when it can.
    public static func obstacleToBirth(in cgroup: Cgroup) -> SpawnError? {
        var request = SpawnRequest(arguments: [], environment: [])
        request.cgroup = cgroup.directoryDescriptor
        return probeSpawn(request)
    }

    private static func release() -> String {
        var names = utsname()
        guard uname(&names) == 0 else { return "" }
        return withUnsafeBytes(of: &names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Signal 0 is only checked, never sent. A handle of a process that leads no group answers ESRCH where the flag
    /// is known, EINVAL where it is not.
    private static func groupSignalIsKnown(_ own: CInt) -> Bool {
        guard own >= 0 else { return false }
        let result = sendSignal(own, 0, signalProcessGroup)
        return result == 0 || result == -Int(ESRCH)
    }

    private static func probePeer() -> Bool {
        // try?: the caller has no descriptor left, and nothing can be tried.
        guard let pair = try? makeSocketPair() else { return false }
        let peer = peerHandle(pair.first.number)
        guard peer >= 0 else { return false }
        _ = clinux_close(CInt(peer))
        return true
    }

    /// Opens this process by its file handle and looks whether that is the same.
    private static func canBeFoundAgain(_ own: CInt) -> Bool {
        // struct file_handle: room (4), type (4), the handle itself. The empty path means the descriptor.
        var handle = [UInt32](repeating: 0, count: 34)
        handle[0] = 128
        var mount: CInt = 0
        var path: CChar = 0
        let again = handle.withUnsafeMutableBytes { handle in
            let place = Int(bitPattern: handle.baseAddress)
            let named = withUnsafePointer(to: &path) { path in
                withUnsafeMutablePointer(to: &mount) { mount in
                    clinux_call(
                        Int(SYS_name_to_handle_at), Int(own), Int(bitPattern: path), place, Int(bitPattern: mount),
                        0x1000)
                }
            }
            return named < 0 ? named : clinux_call(Int(SYS_open_by_handle_at), Int(own), place, Int(O_CLOEXEC), 0, 0)
        }
        guard again >= 0 else { return false }
        let other = Descriptor(adopting: CInt(again))
        var first = clinux_file_facts()
        var second = clinux_file_facts()
        return clinux_file_facts(own, "", &first) == 0 && clinux_file_facts(other.number, "", &second) == 0
            && first.inode == second.inode
    }

    private static func subreaperIsKnown() -> Bool {
        var isSubreaper: CInt = 0
        return withUnsafeMutablePointer(to: &isSubreaper) {
            controlProcess(PR_GET_CHILD_SUBREAPER, UInt(bitPattern: $0)) == 0
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
