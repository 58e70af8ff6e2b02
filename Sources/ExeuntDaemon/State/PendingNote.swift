// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// A log-in of which the PAM module could not tell the daemon: it is in a file that only root can have written.
struct PendingNote {
    let id: String
    let bootID: String
    let leader: ProcessIdentity
    let auditSession: UInt32?
    /// The cgroup that a service manager had given the log-in, as `/proc/PID/cgroup` shows it, and its directory's inode.
    let cgroup: String?
    let cgroupInode: UInt64?
    /// Civil time, in nanoseconds since 1970.
    let opened: Int64?
    let call: OpenCall

    private static let largest = 1 << 16

    private struct Contents: Decodable {
        let version: Int
        let bootID: String
        let pid: Int32
        let startTime: UInt64
        let auditSession: UInt32?
        let cgroup: String?
        let cgroupInode: UInt64?
        let opened: Int64?
        let parameters: OpenCall
    }

    /// - Throws: for what is no note.
    init(_ id: String, in directory: StateDirectory) throws {
        guard SessionID.isValid(id), let bytes = try directory.contents(of: id, limit: Self.largest) else {
            throw SystemError("read", "\(directory.path)/\(Escaping.shown(id.utf8))", .invalidArgument)
        }
        let contents = try Contents.decoded(from: bytes, of: "\(directory.path)/\(id)")
        self.id = id
        bootID = contents.bootID
        leader = ProcessIdentity(pid: contents.pid, startTime: contents.startTime)
        auditSession = contents.auditSession
        cgroup = contents.cgroup
        cgroupInode = contents.cgroupInode
        opened = contents.opened
        call = contents.parameters
    }
}
