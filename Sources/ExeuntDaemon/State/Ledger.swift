// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import FoundationEssentials
import LinuxSystem

/// What is known of every session, in a file each, so that a daemon that was killed at any moment finds it again.
final class Ledger {
    private let directory: StateDirectory
    let bootID: String
    /// Of leaders, where the kernel has them: they do not change.
    private var fileHandles: [String: [UInt8]] = [:]
    private static let largest = 1 << 20

    /// A session of the ledger, and how its leader can be found again.
    struct Found {
        let session: TrackedSession
        let fileHandle: [UInt8]?
    }

    init(_ path: String) throws(SystemError) {
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

    /// Everything in it. What cannot be read, or is of another boot, is removed.
    ///
    /// - Parameter failed: is told of each file that cannot be read.
    func all(failed: (any Error) -> Void) throws(SystemError) -> [Found] {
        var found: [Found] = []
        for name in try directory.names().sorted() {
            do {
                guard let bytes = try directory.contents(of: name, limit: Self.largest) else { continue }
                let entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(bytes))
                if let session = entry.session(bootID: bootID), session.id == name {
                    fileHandles[name] = entry.fileHandle
                    found.append(Found(session: session, fileHandle: entry.fileHandle))
                    continue
                }
            } catch {
                failed(error)
            }
            do {
                try directory.remove(name)
            } catch {
                failed(error)
            }
        }
        return found
    }
}
