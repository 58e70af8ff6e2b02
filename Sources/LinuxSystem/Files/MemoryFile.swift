// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A file that is nowhere but in memory and goes with its last descriptor, memfd_create(2).
public struct MemoryFile: ~Copyable, Sendable {
    private let file: Descriptor

    /// A file with these contents, which nobody can change any more.
    /// - Parameter name: what /proc shows for it.
    public static func make(_ contents: [UInt8], name: String, owner: UInt32) throws(SystemError) -> MemoryFile {
        let number = try check(makeMemoryFile(name), "make", "memory file")
        let memory = MemoryFile(file: Descriptor(adopting: CInt(number)))
        try memory.file.write(contents)
        _ = try check(sealMemoryFile(memory.descriptor), "seal", "memory file")
        _ = try check(clinux_result(Int(fchmod(memory.descriptor, 0o400))), "change mode of", "memory file")
        // gid -1: left as it is.
        let owned = owner == CurrentProcess.effectiveUID ? 0 : fchown(memory.descriptor, owner, .max)
        _ = try check(clinux_result(Int(owned)), "change owner of", "memory file")
        return memory
    }

    private init(file: consuming Descriptor) { self.file = file }

    /// Good as long as this value lives.
    public var descriptor: CInt { file.number }

    /// Leads to it in every process that has inherited the descriptor, whatever the position in it.
    public var path: String { "/proc/self/fd/\(descriptor)" }
}
