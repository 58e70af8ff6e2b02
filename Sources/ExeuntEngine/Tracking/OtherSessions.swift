// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Tells whether strong evidence puts a process into another payload's session: a mark can be forged, the keeper above
/// a process and the cgroup around it cannot.
struct OtherSessions {
    let table: ProcessTable
    /// This session's leaf, if it has one.
    let ownLeaf: String?
    /// Exeunt's own program: whoever runs below another instance of it belongs to that instance.
    let program: FileIdentity
    /// This session's own Exeunt processes and their ancestors.
    let exempt: Set<Int32>
    /// The leaves that this session itself lies in: it may be a session inside a session.
    let ancestorLeaves: Set<String>

    func holds(_ process: ProcessStat) throws(SystemError) -> Bool {
        if let path = try table.cgroupPath(process.pid), isForeignLeaf(path) { return true }
        var current = process
        // No chain of parents is longer than this unless it changes while it is read.
        for _ in 0..<4096 {
            guard current.parent > 1, !exempt.contains(current.parent),
                let parent = try table.stat(current.parent)
            else { return false }
            if table.executableIdentity(parent.pid) == program { return true }
            current = parent
        }
        return false
    }

    private func isForeignLeaf(_ path: [UInt8]) -> Bool {
        let leaves = path.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasPrefix(TrackerChoice.leafPrefix) }
        if let ownLeaf, leaves.contains(ownLeaf) { return false }
        return leaves.contains { !ancestorLeaves.contains($0) }
    }
}
