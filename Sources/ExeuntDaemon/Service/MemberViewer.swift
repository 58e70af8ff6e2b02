// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import LinuxSystem

/// Somebody who looks at the members of a session of her own. In it there may be processes of others, of root's `su` for
/// instance: `/proc` tells everybody the name of such a process, and not which file it runs.
struct MemberViewer {
    let uid: UInt32
    let gid: UInt32

    /// What she may know of them, by asking `/proc` as her. For a process that does nothing else: root's rights are gone.
    func view(_ members: [MemberDescription]) throws(SystemError) -> [MemberDescription] {
        try CurrentProcess.actAs(uid: uid, gid: gid)
        let table = try ProcessTable()
        return members.map { member in
            var shown = member
            if table.executablePath(member.pid) == nil { shown.executable = nil }
            return shown
        }
    }
}
