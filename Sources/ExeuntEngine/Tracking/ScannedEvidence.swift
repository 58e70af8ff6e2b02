// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Evidence that has to be looked for among all processes of the host.
struct ScannedEvidence {
    let table: ProcessTable
    /// The uid for whose processes weak evidence counts.
    let owner: UInt32

    func addAuditSession(_ session: UInt32?, _ pids: [Int32], to listing: inout Listing) throws(SystemError) {
        guard let session else { return }
        for pid in pids where try table.auditSession(pid) == session { listing.add(pid, .audit) }
    }

    /// Those in the process group or kernel session that `leader` has made.
    func addGroup(of leader: Int32?, _ pids: [Int32], to listing: inout Listing) throws(SystemError) {
        guard let leader else { return }
        for pid in pids {
            guard let stat = try table.stat(pid), stat.group == leader || stat.session == leader else { continue }
            listing.add(pid, .group)
        }
    }

    func addUser(_ pids: [Int32], to listing: inout Listing) {
        for pid in pids where table.effectiveUID(pid) == owner { listing.add(pid, .user) }
    }

    /// - Returns: readers that the kernel keeps in a read of somebody's memory, and that cannot be killed now.
    func addMark(_ mark: SessionMark?, _ pids: [Int32], to listing: inout Listing) throws(SystemError) -> [Int32] {
        guard let mark else { return [] }
        // Weak evidence never counts across uids, so that nobody else's memory is read at all.
        let found = try EnvironmentScan.run(
            pids: pids, name: mark.name, value: mark.value, sameUID: owner,
            patience: .milliseconds(50), limit: .seconds(2))
        for pid in found.matches { listing.add(pid, .mark) }
        return Array(found.stuckReaders)
    }
}
