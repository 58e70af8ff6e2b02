// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Where cgroup version 2 is mounted, and where in it the caller is.
public struct CgroupHierarchy: Hashable, Sendable {
    /// Where the hierarchy, or the part of it that this mount shows, begins.
    public let mountPoint: String
    /// The directory of the caller's own cgroup.
    public let ownPath: String
    /// Nothing can be made or changed through this mount.
    public let isReadOnly: Bool

    /// nil when no version 2 hierarchy is mounted from which the caller's own cgroup can be reached.
    public static func locate() throws(SystemError) -> CgroupHierarchy? {
        let found = parse(
            mountinfo: try readFile("/proc/self/mountinfo"), membership: try readFile("/proc/self/cgroup"))
        // A mount may lie hidden below a later one: ask the directory itself.
        return found.filter(\.isReachable).min { !$0.isReadOnly && $1.isReadOnly }
    }

    /// The controllers that groups below the caller's could have.
    public func controllers() throws(SystemError) -> [String] {
        let text = String(decoding: try readFile(ownPath + "/cgroup.controllers"), as: UTF8.self)
        return text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    private var isReachable: Bool {
        let result = clinux_openat(AT_FDCWD, ownPath, O_RDONLY | O_DIRECTORY)
        guard result >= 0 else { return false }
        let directory = Descriptor(adopting: result)
        return fileSystem(of: directory.number) == cgroup2Magic
    }

    /// Every version 2 mount that shows the caller's cgroup, in the order of the mounts. Pure, for tests.
    static func parse(mountinfo: [UInt8], membership: [UInt8]) -> [CgroupHierarchy] {
        guard let own = membership.withUnsafeBytes(unifiedPath(in:)) else { return [] }
        return mountinfo.split(separator: UInt8(ascii: "\n")).compactMap { line in
            // Every start of a payload waits for this, and hosts with thousands of mounts exist: most lines end here.
            guard Self.mentions("cgroup2", line), let mount = MountEntry(line, ofType: "cgroup2"),
                let rest = below(mount.root, own),
                let mountPoint = String(validating: mount.point, as: UTF8.self),
                let tail = String(validating: rest, as: UTF8.self)
            else { return nil }
            let path = mountPoint == "/" ? "/" + tail : tail.isEmpty ? mountPoint : mountPoint + "/" + tail
            return CgroupHierarchy(mountPoint: mountPoint, ownPath: path, isReadOnly: mount.isReadOnly)
        }
    }

    private static func mentions(_ word: StaticString, _ line: ArraySlice<UInt8>) -> Bool {
        line.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            return memmem(base, bytes.count, word.utf8Start, word.utf8CodeUnitCount) != nil
        }
    }

    /// The path of the line `0::PATH` in the text of `/proc/PID/cgroup`; version 1 hierarchies come before it.
    static func unifiedPath(in text: UnsafeRawBufferPointer) -> [UInt8]? {
        for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: "0::".utf8) {
            return Array(line.dropFirst(3))
        }
        return nil
    }

    /// `path` without the leading `root`, and without a slash before it. nil when it lies elsewhere, or above the
    /// cgroup namespace (`/..`), where its name is not known.
    private static func below(_ root: [UInt8], _ path: [UInt8]) -> [UInt8]? {
        let parent = Array("/..".utf8)
        if path.starts(with: parent) || root.starts(with: parent) { return nil }
        if root == [UInt8(ascii: "/")] { return Array(path.dropFirst()) }
        guard path.starts(with: root) else { return nil }
        let rest = path.dropFirst(root.count)
        guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return nil }
        return Array(rest.dropFirst())
    }
}
