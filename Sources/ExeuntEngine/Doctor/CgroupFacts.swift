// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What was seen of control groups.
struct CgroupFacts: Sendable {
    /// Whether the kernel knows version 2, mounted or not.
    var isInKernel = false
    /// Where version 2 is mounted.
    var versionTwo: [String] = []
    /// Where hierarchies of version 1 are mounted.
    var versionOne: [String] = []
    /// The caller's group in version 2, as its cgroup namespace names it.
    var membership: String?
    var own: OwnGroup?
    var leaf = LeafTrial()

    struct OwnGroup: Sendable {
        var path: String
        var mountPoint: String
        var isReadOnly = false
        /// Whose it is; nil where that cannot be seen.
        var owner: UInt32?
        /// Whose the list of its processes is.
        var listOwner: UInt32?
        /// `domain`, `threaded`, …; nil at the root of the hierarchy.
        var type: String?
        var controllers: [String] = []
        /// systemd has marked it, or one above it, as left to others.
        var isMarkedDelegated = false
        /// The nearest group above it whose sub-groups can hold processes.
        var domainAbove = "/"

        /// Whether sub-groups could hold threads only.
        var isThreaded: Bool { type == "threaded" || type == "domain threaded" || type == "domain invalid" }
    }

    static func gather() -> CgroupFacts {
        var facts = CgroupFacts()
        // try?, here and below: what cannot be read is not there for the caller, which is the question.
        let systems = (try? readFile("/proc/filesystems")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        facts.isInKernel = systems.split(separator: "\n").contains { $0.hasSuffix("\tcgroup2") }
        let mounts = (try? MountEntry.all()) ?? []
        facts.versionTwo = mounts.filter { $0.type == "cgroup2" }.map { Escaping.shown($0.point) }
        facts.versionOne = mounts.filter { $0.type == "cgroup" }.map { Escaping.shown($0.point) }
        let path = try? ProcessTable().cgroupPath(CurrentProcess.pid)
        facts.membership = path.map { Escaping.shown($0) }
        if let hierarchy = try? CgroupHierarchy.locate() { facts.own = OwnGroup(hierarchy) }
        if facts.own != nil { facts.leaf = .run() }
        return facts
    }
}

extension CgroupFacts.OwnGroup {
    init(_ hierarchy: CgroupHierarchy) {
        path = hierarchy.ownPath
        mountPoint = hierarchy.mountPoint
        isReadOnly = hierarchy.isReadOnly
        // try?, here and below: what cannot be read is not known, and said so.
        owner = (try? FileFacts.of(path))?.owner
        listOwner = (try? FileFacts.of(path + "/cgroup.procs"))?.owner
        controllers = (try? hierarchy.controllers()) ?? []
        type = Self.type(of: path)
        domainAbove = mountPoint
        var group = path[...]
        while group.count >= mountPoint.count {
            let marks = ["user.delegate", "trusted.delegate"].map { ExtendedAttribute.value(of: $0, at: String(group)) }
            if marks.contains([UInt8(ascii: "1")]) { isMarkedDelegated = true }
            if group != path[...], domainAbove == mountPoint, Self.type(of: String(group)) == "domain" {
                domainAbove = String(group)
            }
            guard let slash = group.lastIndex(of: "/") else { break }
            group = group[..<slash]
        }
    }

    private static func type(of path: String) -> String? {
        guard let bytes = try? readFile(path + "/cgroup.type") else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
