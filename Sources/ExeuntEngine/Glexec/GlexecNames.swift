// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// One side of a change of identity, as an epilogue is told of it.
struct GlexecNames: Sendable {
    let uid: UInt32
    let gid: UInt32
    let groups: [UInt32]
    /// The names; the numbers where there are none.
    let user: String
    let group: String

    init(uid: UInt32, gid: UInt32, groups: [UInt32]) throws(SystemError) {
        self.uid = uid
        self.gid = gid
        self.groups = groups
        user = try Account.of(uid: uid)?.name ?? String(uid)
        group = try AccountGroup.of(gid: gid)?.name ?? String(gid)
    }

    /// Under this prefix: user, group, their ids, and the supplementary groups between colons.
    func variables(_ prefix: String) -> [String] {
        [
            "\(prefix)_USER=\(user)", "\(prefix)_GROUP=\(group)", "\(prefix)_UID=\(uid)", "\(prefix)_GID=\(gid)",
            "\(prefix)_SGIDS=\(groups.map(String.init).joined(separator: ":"))",
        ]
    }
}
