// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// The scope that systemd had given to a log-in, of which there is only a note: its leader is gone, and cannot be asked.
///
/// Whoever is in it will be ended, so nothing is guessed: the scope is the owner's, it is the very one that the module has
/// seen or holds somebody with the log-in's audit session, and logind does not know it as another leader's.
struct NotedScope {
    private let table: ProcessTable
    private let cgroups: LoginCgroups

    init(_ table: ProcessTable, _ cgroups: LoginCgroups) {
        self.table = table
        self.cgroups = cgroups
    }

    /// nil where there is none any more, or it is not certain which one it is.
    func find(_ note: PendingNote, _ owner: UInt32) throws(SystemError) -> LoginCgroup? {
        guard cgroups.isManaged else { return nil }
        let named = named(by: note)
        guard let scope = named == nil ? try audited(note, owner) : named, cgroups.owner(ofAdopted: scope) == owner
        else {
            return nil
        }
        // A process inside of somebody's session (su) that had a note of its own has not opened that. logind keeps it until
        // the scope is empty.
        let leader = cgroups.leader(ofAdopted: scope)
        return leader == nil || leader == note.leader.pid ? scope : nil
    }

    /// The one that the module has written down. Another one may have got its path since, but not its inode.
    private func named(by note: PendingNote) -> LoginCgroup? {
        guard let path = note.cgroup, let scope = cgroups.adopted(shown: path), scope.shown == path,
            // try?: it has been removed, and nobody is left in it.
            let file = try? FileIdentity.of(path: scope.path), file.inode == note.cgroupInode
        else { return nil }
        return scope
    }

    /// The one in which somebody has the audit session that was begun for the log-in: a module that stands before
    /// pam_systemd has seen none.
    private func audited(_ note: PendingNote, _ owner: UInt32) throws(SystemError) -> LoginCgroup? {
        guard let audit = note.auditSession else { return nil }
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        var found: Set<LoginCgroup> = []
        for pid in pids where try table.auditSession(pid) == audit {
            guard let scope = cgroups.adopted(shown: try cgroups.shownPath(of: pid)) else { continue }
            if cgroups.owner(ofAdopted: scope) == owner { found.insert(scope) }
        }
        return found.count == 1 ? found.first : nil
    }
}
