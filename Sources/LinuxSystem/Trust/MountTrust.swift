// SPDX-License-Identifier: Apache-2.0

/// Whether a mount may be believed about owners and modes. A file system that a program of a user's serves can say
/// anything, and something else the next time.
enum MountTrust {
    /// What stands against this mount of the caller's mount namespace; nil: nothing.
    static func objection(to id: UInt64, _ rules: TrustRules) -> TrustRule? {
        do throws(SystemError) {
            guard let mount = try MountEntry.numbered(id) else { return .unknownMount(.noSuchFileOrDirectory) }
            return objection(to: mount, rules)
        } catch {
            return .unknownMount(error.errno)
        }
    }

    static func objection(to mount: MountEntry, _ rules: TrustRules) -> TrustRule? {
        guard ["fuse", "fuseblk"].contains(mount.type.prefix { $0 != "." }) else { return nil }
        let prefix = "user_id="
        let user = mount.options.first { $0.hasPrefix(prefix) }.flatMap { UInt32($0.dropFirst(prefix.count)) }
        guard let user, rules.trusts(user: user) else { return .userMount(user) }
        // The kernel then leaves it to the server who may write, whatever the modes say.
        let isOpen = mount.options.contains("allow_other") && !mount.options.contains("default_permissions")
        return isOpen ? .uncheckedMount : nil
    }
}

extension MountEntry {
    /// The mount of this number, as statx(2) gives it; nil when the caller's mount namespace has none.
    static func numbered(_ id: UInt64) throws(SystemError) -> MountEntry? {
        let number = Array("\(id) ".utf8)
        let lines = try readFile("/proc/self/mountinfo").split(separator: UInt8(ascii: "\n"))
        return lines.first { $0.starts(with: number) }.flatMap { MountEntry($0) }
    }
}
