// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A kind of namespace, namespaces(7).
public enum Namespace: UInt32, Sendable {
    // The values are the inode numbers of those that the machine began with, fixed in the kernel.
    /// Process numbers.
    case pid = 0xEFFF_FFFC
    /// User ids and privileges.
    case user = 0xEFFF_FFFD
    /// The view of the cgroup hierarchies.
    case cgroup = 0xEFFF_FFFB

    /// Whether the caller is in the one that the machine began with; nil where that cannot be seen.
    public var isInitial: Bool? {
        let name =
            switch self {
            case .pid: "pid"
            case .user: "user"
            case .cgroup: "cgroup"
            }
        // try?: no such file, or none that may be looked at.
        return (try? FileFacts.of("/proc/self/ns/\(name)")).map { $0.inode == UInt64(rawValue) }
    }
}

/// What /proc is for the caller.
public enum ProcView: Hashable, Sendable {
    /// Not mounted.
    case absent
    /// Its numbers are those of the caller's pid namespace.
    case own
    /// Its numbers are those of another pid namespace, where they name other processes.
    case foreign

    /// Asks the mounted /proc itself who the caller is.
    public static func current() -> ProcView {
        let result = clinux_openat(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY)
        guard result >= 0 else { return .absent }
        let directory = Descriptor(adopting: result)
        guard fileSystem(of: directory.number) == 0x9FA0 else { return .absent }
        var link = [CChar](repeating: 0, count: 32)
        // A namespace in which the caller has no number has no such link.
        guard readlinkat(directory.number, "self", &link, link.count - 1) > 0 else { return .foreign }
        let number = String(decoding: link.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return Int32(number) == CurrentProcess.pid ? .own : .foreign
    }
}
