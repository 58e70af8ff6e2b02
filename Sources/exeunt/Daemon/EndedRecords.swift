// SPDX-License-Identifier: Apache-2.0
import ExeuntClient
import ExeuntConfig
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import ExeuntReports
import LinuxSystem

/// The records of endings, oldest first: from their file where that may be read, so that they can be seen without the
/// daemon; else from the daemon, which shows to each what is his.
struct EndedRecords {
    /// A record with its line.
    typealias Entry = (record: StoredRecord, line: [UInt8])

    /// Endings that were over then, or later; nil: all.
    var since: EndingRecord.CivilTime?
    /// The newest so many.
    var limit: Int?

    /// No record is near this; what is longer was not written by Exeunt.
    private static let longestLine = 64 << 20

    /// - Returns: where there was nothing at all to be looked at, the path of the file that there should be.
    func forEach(_ take: (Entry) throws -> Void) throws -> String? {
        var newest = Newest<Entry>(limit)
        let absent = try read { entry in
            if let since, entry.record.ended < since { return }
            if let oldEnough = newest.add(entry) { try take(oldEnough) }
        }
        for entry in newest.entries { try take(entry) }
        return absent
    }

    private func read(_ take: (Entry) throws -> Void) throws -> String? {
        guard Self.mayReadFile else {
            try ask(take)
            return nil
        }
        let path = Self.path()
        // What logrotate(8) has put aside last is older than the file, and not compressed yet.
        var isThere = false
        for path in [path + ".1", path] {
            guard var lines = try Self.open(path) else { continue }
            isThere = true
            try Self.read(&lines, path, take)
        }
        return isThere ? nil : path
    }

    /// nil when there is no such file.
    private static func open(_ path: String) throws(SystemError) -> FileLines? {
        do throws(SystemError) {
            return try FileLines(path, limit: longestLine)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    private static func read(
        _ lines: inout FileLines, _ path: String, _ take: (Entry) throws -> Void
    ) throws {
        var faults = RecordFaults(path)
        var number = 0
        while let line = try lines.next() {
            number += 1
            guard case .text(let bytes) = line else {
                faults.note(number, .unreadable)
                continue
            }
            if let entry = faults.entry(number, bytes) { try take(entry) }
        }
        faults.tell()
    }

    private func ask(_ take: (Entry) throws -> Void) throws {
        let call = HistoryCall(since: since.map(CivilText.text), limit: limit)
        let client = try ControlClient()
        try client.begin(call)
        var faults = RecordFaults("exeuntd")
        var number = 0
        while true {
            let (reply, continues) = try client.next(HistoryCall.self)
            if let record = reply.record {
                number += 1
                if let entry = faults.entry(number, record.bytes) { try take(entry) }
            }
            if !continues { return faults.tell() }
        }
    }

    /// Root, and members of group exeunt, to which the file belongs.
    private static var mayReadFile: Bool {
        if CurrentProcess.effectiveUID == 0 { return true }
        // try?: who cannot be found to be a member is asked to go the way of others.
        guard let group = try? AccountGroup.named("exeunt") else { return false }
        return CurrentProcess.gid == group.gid || ((try? CurrentProcess.groups())?.contains(group.gid) ?? false)
    }

    private static func path() -> String {
        do throws(ConfigurationFaults) {
            return try ConfigurationLoader.values().daemon.recordFile
        } catch {
            let path = DaemonSettings().recordFile
            Console.message("the configuration cannot be used, 'exeunt config' says why; reading \(path)")
            return path
        }
    }
}
