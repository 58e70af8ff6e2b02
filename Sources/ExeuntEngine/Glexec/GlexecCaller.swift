// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import LinuxSystem

/// Whoever calls in gLExec mode: the real ids of this process, and the ids of the process itself, which lingers.
public struct GlexecCaller: Sendable {
    let names: GlexecNames
    let session: Int32
    let group: Int32

    /// As this process finds itself.
    public init() throws(SystemError) {
        names = try GlexecNames(uid: CurrentProcess.uid, gid: CurrentProcess.gid, groups: try CurrentProcess.groups())
        session = CurrentProcess.session
        group = CurrentProcess.group
    }

    /// Whether `user_white_list` has the caller: by name, or by the name of its pool of accounts with a dot in front,
    /// which stands for every name that goes on with digits. Root needs no leave; without a list nobody else has it.
    public func isListed(in list: [String]) -> Bool {
        if names.uid == 0 { return true }
        return list.contains { entry in
            guard entry.hasPrefix(".") else { return entry == names.user }
            let pool = entry.dropFirst()
            let rest = names.user.dropFirst(pool.count)
            return names.user.hasPrefix(pool) && !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isNumber }
        }
    }

    /// The name, for a message.
    public var user: String { names.user }
}
