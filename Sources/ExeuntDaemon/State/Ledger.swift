// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// What is known of every session, in a file each, so that a daemon that was killed at any moment finds it again.
final class Ledger {
    private let directory: StateDirectory
    private let unreadable: UnreadableFiles
    let bootID: String
    /// Of leaders, where the kernel has them: they do not change.
    private var fileHandles: [String: [UInt8]] = [:]
    private static let largest = 1 << 20

    /// A session of the ledger, and how its leader can be found again.
    struct Found {
        let session: TrackedSession
        let fileHandle: [UInt8]?
    }

    /// - Parameter unreadable: takes what cannot be read.
    init(_ path: String, _ unreadable: UnreadableFiles) throws(SystemError) {
        self.unreadable = unreadable
        directory = try StateDirectory(path, mode: 0o700)
        bootID = try CurrentProcess.bootID()
    }

    /// Notes the handle by which a session's leader can be found again.
    func remember(_ fileHandle: [UInt8]?, of id: String) { fileHandles[id] = fileHandle }

    func store(_ session: TrackedSession) throws {
        let entry = LedgerEntry(session, bootID: bootID, fileHandle: fileHandles[session.id])
        try directory.replace(session.id, with: entry.encoded())
    }

    func forget(_ id: String) throws(SystemError) {
        fileHandles[id] = nil
        try directory.remove(id)
    }

    /// Everything in it. What is of another boot is removed, and what cannot be understood is put aside.
    ///
    /// - Parameter failed: is told of each file that cannot be read.
    func all(failed: (any Error) -> Void) throws(SystemError) -> [Found] {
        var found: [Found] = []
        for name in try directory.names().sorted() {
            do {
                guard let bytes = try directory.contents(of: name, limit: Self.largest) else { continue }
                if let entry = try entry(name, bytes) { found.append(entry) } else { try directory.remove(name) }
            } catch let error where Shortage.isBehind(error) {
                // A later daemon may be able to.
                failed(error)
            } catch {
                failed(unreadable.take(name, of: directory, "session", error))
            }
        }
        return found
    }

    /// nil for one of another boot.
    private func entry(_ name: String, _ bytes: [UInt8]) throws -> Found? {
        let place = "\(directory.path)/\(Escaping.shown(name.utf8))"
        let entry = try LedgerEntry.decoded(from: bytes, of: place)
        if entry.bootID != bootID { return nil }
        guard let session = entry.session(bootID: bootID) else {
            throw DocumentFault(
                place, "it is of version \(entry.version), or of a state, that this exeuntd does not know")
        }
        guard session.id == name else {
            throw DocumentFault(place, "it is about session \(Escaping.shown(session.id.utf8))")
        }
        fileHandles[name] = entry.fileHandle
        return Found(session: session, fileHandle: entry.fileHandle)
    }
}
