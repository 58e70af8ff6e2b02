// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

extension HostFacts {
    /// Each member that is held by a handle takes a descriptor.
    var descriptors: Finding? {
        guard let limit = surroundings.descriptors else { return nil }
        let isTight = (limit.hard ?? .max) < 4096
        return Finding(
            "host.descriptors", .host, "descriptors", isTight ? .partly : .yes,
            found: "\(Self.text(limit.soft)), up to \(Self.text(limit.hard)) (RLIMIT_NOFILE)",
            meaning: isTight
                ? "Of members that are found by a mark, no more than about so many can be watched at once."
                : "Exeunt raises its own limit to the higher one, and leaves a payload's as it is.",
            remedies: isTight
                ? [Remedy("as root, for \(user.callerName)", "prlimit --pid \(user.callerWord) --nofile=65536:65536")]
                : [])
    }

    /// Exeunt's own processes count against the user's limit as any others.
    var processes: Finding? {
        guard let limit = surroundings.processes else { return nil }
        let room = user.isRoot ? nil : limit.soft.map { $0 - min($0, UInt64(proc.ownThreads)) }
        let isTight = (room ?? .max) < 16
        return Finding(
            "host.processes", .host, "processes", isTight ? .partly : .yes,
            found: "\(Self.text(limit.soft)) (RLIMIT_NPROC), \(proc.ownThreads) in use by this user",
            meaning: isTight
                ? "'exeunt run' needs a few processes of its own beside the payload's, and may not get them."
                : "There is room for the few processes that 'exeunt run' needs beside the payload's.",
            remedies: isTight
                ? [Remedy("as root, for \(user.callerName)", "prlimit --pid \(user.callerWord) --nproc=4096:4096")] : []
        )
    }

    private static func text(_ limit: UInt64?) -> String { limit.map { String($0) } ?? "unlimited" }
}
