// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// One component of a path, opened below the one before it and judged by its own descriptor.
struct TrustedComponent: ~Copyable, Sendable {
    /// Opened with O_PATH: neither a FIFO nor a device nor a file of a user's file system is touched by that.
    let descriptor: Descriptor
    let facts: ComponentFacts

    private static let pathOnly = O_NOFOLLOW | 0o10000000

    /// - Parameters:
    ///   - name: without a slash, or the root itself.
    ///   - mount: that of the directory; nil: the mount need not be judged.
    static func open(
        _ name: [UInt8], in directory: CInt, from mount: UInt64?, as role: TrustRules.Role, _ rules: TrustRules
    ) throws(TrustRule) -> TrustedComponent {
        let descriptor = try open(name, in: directory, as: role)
        var facts = try ComponentFacts(of: descriptor.number)
        // Before anything else is asked, since a file system of a user's might never answer.
        if let mount, facts.mount != mount, let objection = MountTrust.objection(to: facts.mount, rules) {
            throw objection
        }
        try facts.readAccessList(of: descriptor.number)
        if let objection = rules.objection(to: facts, as: role) { throw objection }
        return TrustedComponent(descriptor: descriptor, facts: facts)
    }

    private static func open(_ name: [UInt8], in directory: CInt, as role: TrustRules.Role) throws(TrustRule)
        -> Descriptor
    {
        var result = open(name, in: directory, role == .directory ? pathOnly | O_DIRECTORY : pathOnly)
        // O_DIRECTORY makes automounters mount what is behind the name. What is no directory is opened all the same,
        // so that a link is told from a file.
        if result == -ENOTDIR { result = open(name, in: directory, pathOnly) }
        guard result >= 0 else { throw .unseen(Errno(rawValue: -result)) }
        return Descriptor(adopting: result)
    }

    private static func open(_ name: [UInt8], in directory: CInt, _ flags: CInt) -> CInt {
        (name + [0]).withUnsafeBytes { bytes in
            guard let path = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -EINVAL }
            return clinux_openat(directory, path, flags)
        }
    }
}
