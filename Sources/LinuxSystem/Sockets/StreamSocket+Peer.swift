// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Who has connected, as the kernel noted it at that moment.
public struct PeerCredentials: Hashable, Sendable {
    /// 0 where it lives outside of this pid namespace. Only for people: it may be somebody else's by now.
    public let pid: Int32
    /// The effective user id.
    public let uid: UInt32
    /// The effective group id.
    public let gid: UInt32
    /// The supplementary groups.
    public let groups: [UInt32]

    /// Credentials of these values.
    public init(pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32]) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.groups = groups
    }
}

extension StreamSocket {
    /// Who has connected.
    public func peerCredentials() throws(SystemError) -> PeerCredentials {
        // struct ucred: pid, uid, gid.
        var found: (Int32, UInt32, UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: found))
        let result = getsockopt(descriptor, SOL_SOCKET, CInt(SO_PEERCRED), &found, &size)
        _ = try check(clinux_result(Int(result)), "get credentials of", "peer")
        return PeerCredentials(pid: found.0, uid: found.1, gid: found.2, groups: try peerGroups())
    }

    /// SO_PEERGROUPS, Linux 4.13.
    private func peerGroups() throws(SystemError) -> [UInt32] {
        var room = 64
        while true {
            var groups = [UInt32](repeating: 0, count: room)
            var size = socklen_t(room * MemoryLayout<UInt32>.size)
            let result = clinux_result(Int(getsockopt(descriptor, SOL_SOCKET, 59, &groups, &size)))
            let count = Int(size) / MemoryLayout<UInt32>.size
            // It says how many there are. They stay as they are.
            if result == -Int(ERANGE), count > room {
                room = count
                continue
            }
            _ = try check(result, "get groups of", "peer")
            return Array(groups.prefix(count))
        }
    }

    /// The process that has connected, as long as it lives; nil when it has been reaped, or lives outside of this pid
    /// namespace.
    ///
    /// Before Linux 6.5 only its number is known. It is believed if the process that has it was there before now, runs as
    /// the same user, and lives; whoever else got the number between connection and this call, and runs as that user,
    /// could be taken for it. So this is to be called at once.
    public func peerProcess(_ credentials: PeerCredentials, in table: ProcessTable) throws(SystemError)
        -> ProcessHandle?
    {
        guard credentials.pid > 0 else { return nil }
        let result = peerHandle(descriptor)
        if result >= 0 {
            return ProcessHandle(adopting: Descriptor(adopting: CInt(result)), pid: credentials.pid)
        }
        // ESRCH, EINVAL, ENODATA: kernels differ in how they say that the process has been reaped.
        if [ESRCH, EINVAL, ENODATA].contains(CInt(-result)) { return nil }
        if result != -Int(ENOPROTOOPT) { _ = try check(result, "open process of", "peer") }
        return try Self.numberedProcess(credentials, in: table)
    }

    /// - Returns: nil when the process that has the number now cannot be the one that has connected.
    static func numberedProcess(
        _ credentials: PeerCredentials, in table: ProcessTable
    ) throws(SystemError) -> ProcessHandle? {
        let now = BootTicks.now()
        guard let handle = try ProcessHandle.open(pid: credentials.pid),
            let stat = try table.stat(credentials.pid), stat.startTime <= now,
            table.effectiveUID(credentials.pid) == credentials.uid, !handle.hasExited
        else { return nil }
        return handle
    }
}
