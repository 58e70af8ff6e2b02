// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Records that are not in their file yet: `/run/exeunt/records/TIME.ID`, whose last line is the record. One process at a time
/// takes them from here to the file, the oldest first; it may be killed, or hang with the disk, and nothing is lost.
final class RecordSpool {
    private let directory: StateDirectory
    /// Where the lock is of whoever writes.
    private let state: StateDirectory
    private static let lockName = "records.lock"
    private static let largest = 256 << 20
    /// What waits is in memory, of which a disk that never answers must not take all.
    private static let most = 4096

    init(_ path: String, lockIn state: StateDirectory) throws(SystemError) {
        directory = try StateDirectory(path, mode: 0o700)
        self.state = state
    }

    /// Whether there is nothing to do.
    func isEmpty() throws(SystemError) -> Bool { try names().isEmpty }

    /// How many there are.
    func count() throws(SystemError) -> Int { try names().count }

    /// Takes over the file that an ender has left. It takes no room, and no time.
    ///
    /// - Returns: false if there is no place for it, and it was removed.
    func take(_ id: String, from endings: StateDirectory) throws(SystemError) -> Bool {
        guard try count() < Self.most else {
            try endings.remove(id)
            return false
        }
        try endings.move(id, to: directory, as: Self.name(id))
        return true
    }

    /// Adds a record of which there is no such file.
    func add(_ record: [UInt8], of id: String) throws(SystemError) {
        try directory.replace(Self.name(id), with: record + [UInt8(ascii: "\n")])
    }

    /// The oldest first. Somebody else may be about to put a draft in place.
    private func names() throws(SystemError) -> [String] { try directory.names(sparing: { _ in true }).sorted() }

    /// In the order of the names: the clock counts from the boot, and so does what is in this directory.
    private static func name(_ id: String) -> String {
        let digits = String(MonotonicInstant.now().nanoseconds)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits + "." + id
    }

    /// The process that writes, be it of this daemon or of one before it; nil when there is none.
    func writer() throws(SystemError) -> Int32? { try LockedFile.holder(of: Self.lockName, in: state) }

    /// Writes all that there is, in a process that does nothing else.
    ///
    /// - Parameter failed: is told why nothing more could be written, and of which session it was.
    /// - Returns: whether all of it is written.
    func write(to log: RecordLog, failed: (String?, any Error) -> Void) -> Bool {
        var id: String?
        do throws(SystemError) {
            // Another one is at it.
            guard let lock = try LockedFile.take(Self.lockName, in: state) else { return false }
            defer { withExtendedLifetime(lock) {} }
            while true {
                let names = try names()
                if names.isEmpty { return true }
                for name in names {
                    id = name.split(separator: ".").last.map(String.init)
                    if let record = try record(name) { try log.append(record) }
                    try directory.remove(name)
                }
            }
        } catch {
            failed(id, error)
            return false
        }
    }

    private func record(_ name: String) throws(SystemError) -> [UInt8]? {
        let lines = try directory.contents(of: name, limit: Self.largest)?.split(separator: UInt8(ascii: "\n"))
        return lines?.last.map(Array.init)
    }

    /// The records that wait, oldest first. For whoever reads records: what is in the file as well is there twice.
    func waiting() throws(SystemError) -> [[UInt8]] {
        var records: [[UInt8]] = []
        for name in try names() {
            if let record = try record(name) { records.append(record) }
        }
        return records
    }
}
