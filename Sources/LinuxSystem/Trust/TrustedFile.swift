// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A regular file that only trusted users can change, reached through such directories only. It is held by the
/// descriptor that was judged, and read and executed by it: between check and use no name is looked up.
public struct TrustedFile: ~Copyable, Sendable {
    /// As it was asked for. For people; nothing goes by it any more.
    public let path: [UInt8]
    private let component: TrustedComponent

    init(path: [UInt8], component: consuming TrustedComponent) {
        self.path = path
        self.component = component
    }

    /// Opens every component by itself, from the root on, and judges it before anything in it is looked up. Never
    /// waits for the file: a FIFO or a device is refused without being opened.
    public static func open(_ path: [UInt8], as role: TrustRules.Role, _ rules: TrustRules) throws(TrustRefusal)
        -> TrustedFile
    {
        let names = try TrustedDirectory.components(of: path)
        guard let name = names.last else { throw TrustRefusal(path: path, component: path, rule: .notFile) }
        return try TrustedDirectory.open(names.dropLast(), of: path, rules).file(name, as: role)
    }

    /// Which file it is.
    public var identity: FileIdentity { component.facts.identity }

    /// For `SpawnRequest.programDescriptor`: opened with O_PATH, good as long as this value lives.
    public var descriptor: CInt { component.descriptor.number }

    /// Everything in it, from the start.
    /// - Parameter limit: in bytes; a larger file fails with EFBIG.
    public borrowing func contents(limit: Int) throws(SystemError) -> [UInt8] {
        let subject = String(decoding: path, as: UTF8.self)
        // The link in /proc leads to the file that is held, not to what has its name now. It is looked at all the
        // same, for the case that /proc is not what it should be.
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
        let result = clinux_openat(AT_FDCWD, "/proc/self/fd/\(descriptor)", flags)
        let file = Descriptor(adopting: try check(result, "open", subject))
        var facts = clinux_file_facts()
        _ = try check(clinux_file_facts(file.number, "", &facts), "look at", subject)
        guard FileIdentity(device: facts.device, inode: facts.inode) == identity else {
            throw SystemError("open", subject, .staleNFSFileHandle)
        }
        return try file.readToEnd(limit: limit, subject: subject)
    }
}
