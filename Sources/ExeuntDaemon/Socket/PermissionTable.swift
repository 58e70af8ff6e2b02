// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// Who may call what. There is no other place that says so.
public enum PermissionTable {
    /// What a caller is to exeuntd, or to what its call names.
    public enum PeerClass: String, CaseIterable, Sendable {
        /// User id 0.
        case root
        /// Members of the group `exeunt`.
        case group
        /// Whose session or lease it is.
        case owner
        /// Everybody else.
        case other
    }

    /// How far a class may go.
    public enum Permission: String, Sendable {
        /// Whatever it names.
        case allowed
        /// What is her own: only that is listed, done or found.
        case own
        case refused
    }

    /// One row for each method: root, group, owner, other.
    public static func permission(_ method: SessionsMethod, _ peer: PeerClass) -> Permission {
        let row: (root: Permission, group: Permission, owner: Permission, other: Permission) =
            switch method {
            case .open: (.allowed, .refused, .refused, .refused)
            case .close: (.allowed, .refused, .refused, .refused)
            case .list: (.allowed, .allowed, .own, .own)
            case .show: (.allowed, .allowed, .own, .refused)
            case .end: (.allowed, .allowed, .own, .refused)
            // Whether a lease is granted, and who may run as whom, is said by the configuration.
            case .keep: (.own, .own, .own, .own)
            case .leases: (.allowed, .allowed, .own, .own)
            case .release: (.allowed, .allowed, .own, .refused)
            case .history: (.allowed, .allowed, .own, .own)
            case .run: (.allowed, .own, .own, .own)
            }
        switch peer {
        case .root: return row.root
        case .group: return row.group
        case .owner: return row.owner
        case .other: return row.other
        }
    }

    /// What this peer may know of by this method; nil when it may not call it at all.
    static func visibility(_ method: SessionsMethod, _ peer: Peer, administrators: UInt32?) -> Visibility? {
        let classes = classes(of: peer, administrators)
        let permissions = classes.map { permission(method, $0) }
        if permissions.contains(.allowed) { return .all }
        return permissions.contains(.own) ? .own(peer.uid) : nil
    }

    /// Root is no less than a member of the group, nor a member less than an owner, whatever the rows say.
    private static func classes(of peer: Peer, _ administrators: UInt32?) -> [PeerClass] {
        var classes: [PeerClass] = [.other, .owner]
        if let administrators, peer.isIn(group: administrators) { classes.append(.group) }
        if peer.isRoot { classes.append(.root) }
        return classes
    }
}
