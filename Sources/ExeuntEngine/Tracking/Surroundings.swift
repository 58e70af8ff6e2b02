// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Where the keeper stands among the other processes of the host: whom it must never touch.
struct Surroundings {
    let protection: Protection
    let others: OtherSessions
    /// The session's leaf as `/proc/PID/cgroup` shows it.
    let leafPath: [UInt8]

    /// - Parameters:
    ///   - owner: whose session it is.
    ///   - hasLeaf: whether the session has a cgroup.
    init(table: ProcessTable, session id: String, owner: UInt32, hasLeaf: Bool) throws(SystemError) {
        let exempt = try table.ancestry()
        let ownPath = try table.cgroupPath(CurrentProcess.pid).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let leaf = TrackerChoice.leafPrefix + id
        leafPath = Array(((ownPath == "/" ? "" : ownPath) + "/" + leaf).utf8)
        protection = Protection(exempt: exempt, owner: owner)
        others = OtherSessions(
            table: table, ownLeaf: hasLeaf ? leaf : nil, program: try CurrentProcess.executableIdentity(),
            exempt: Set(exempt.map(\.pid)), ancestorLeaves: Set(ownPath.split(separator: "/").map(String.init)))
    }
}

extension ProcessTable {
    /// This process and everybody above it: whom Exeunt never touches.
    public func ancestry() throws(SystemError) -> Set<ProcessIdentity> {
        var exempt: Set<ProcessIdentity> = []
        var pid = CurrentProcess.pid
        while pid > 0, let stat = try stat(pid) {
            guard exempt.insert(ProcessIdentity(pid: pid, startTime: stat.startTime)).inserted else { break }
            pid = stat.parent
        }
        return exempt
    }
}
