// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import FoundationEssentials
import LinuxSystem

/// A log-in of which the PAM module could not tell the daemon: it is in a file that only root can have written.
struct PendingNote {
    let id: String
    let bootID: String
    let leader: ProcessIdentity
    let auditSession: UInt32?
    /// Civil time, in nanoseconds since 1970.
    let opened: Int64?
    let call: OpenCall
    /// Whether it has been closed since.
    let isClosed: Bool

    private static let closed = ".closed"
    private static let largest = 1 << 16

    private struct Contents: Decodable {
        let version: Int
        let bootID: String
        let pid: Int32
        let startTime: UInt64
        let auditSession: UInt32?
        let opened: Int64?
        let parameters: OpenCall
    }

    /// All notes there are; what is none is removed.
    static func all(in directory: StateDirectory, failed: (any Error) -> Void) throws(SystemError) -> [PendingNote] {
        let names = Set(try directory.names())
        var notes: [PendingNote] = []
        for name in names.sorted() where !name.hasSuffix(closed) {
            do {
                guard SessionID.isValid(name), let bytes = try directory.contents(of: name, limit: largest) else {
                    throw SystemError("read", "\(directory.path)/\(name)", .invalidArgument)
                }
                let contents = try JSONDecoder().decode(Contents.self, from: Data(bytes))
                notes.append(PendingNote(name, contents, isClosed: names.contains(name + closed)))
            } catch {
                failed(error)
                try directory.remove(name)
            }
        }
        for name in names where name.hasSuffix(closed) { try directory.remove(name) }
        return notes
    }

    private init(_ id: String, _ contents: Contents, isClosed: Bool) {
        self.id = id
        self.isClosed = isClosed
        bootID = contents.bootID
        leader = ProcessIdentity(pid: contents.pid, startTime: contents.startTime)
        auditSession = contents.auditSession
        opened = contents.opened
        call = contents.parameters
    }

    func remove(from directory: StateDirectory) throws(SystemError) { try directory.remove(id) }

    /// The uid of whoever has logged in.
    func owner() throws -> UInt32 {
        if let uid = call.uid { return uid }
        guard let account = try Account.named(call.user) else {
            throw SystemError("look up", "user \(Escaping.shown(call.user.utf8))", .noSuchFileOrDirectory)
        }
        return account.uid
    }
}
