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
        let since = since.map { Array(CivilText.text($0).utf8) }
        var faults = RecordFaults()
        // Lines are understood late: most of a large file is older than what is asked for.
        var newest = Newest<RecordLine>(limit)
        let absent = try read { line in
            if let since, line.isOlder(than: since) { return }
            if let line = newest.add(line) { try pass(line, &faults, take) }
        }
        for line in newest.entries { try pass(line, &faults, take) }
        faults.tell()
        return absent
    }

    private func pass(_ line: RecordLine, _ faults: inout RecordFaults, _ take: (Entry) throws -> Void) throws {
        guard let entry = faults.entry(of: line) else { return }
        if let since, entry.record.ended < since { return }
        try take(entry)
    }

    private func read(_ take: (RecordLine) throws -> Void) throws -> String? {
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
            var number = 0
            while let line = try lines.next() {
                number += 1
                let text: [UInt8]? = if case .text(let text) = line { text } else { nil }
                try take(RecordLine(place: path, number: number, text: text))
            }
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

    private func ask(_ take: (RecordLine) throws -> Void) throws {
        let client = try ControlClient()
        try client.begin(HistoryCall(since: since.map(CivilText.text), limit: limit))
        var number = 0
        while true {
            let (reply, continues) = try client.next(HistoryCall.self)
            if let record = reply.record {
                number += 1
                try take(RecordLine(place: "exeuntd", number: number, text: record.bytes))
            }
            if !continues { return }
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
