// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol
import FoundationEssentials
import LinuxSystem

/// Which records somebody wants to see, and may.
struct RecordQuery {
    private let visibility: Visibility
    private let since: EndingRecord.CivilTime?
    private let limit: Int

    /// More would not fit into memory that a daemon should take.
    private static let most = 10_000
    private static let mostBytes = 4 << 20
    /// How much of the end of the file is looked at.
    private static let tail = 64 << 20

    init(_ call: HistoryCall, _ visibility: Visibility) throws(CallError) {
        self.visibility = visibility
        limit = min(call.limit ?? Self.most, Self.most)
        guard let text = call.since else {
            since = nil
            return
        }
        guard let time = CivilText.time(text) else { throw .invalidParameter("since") }
        since = time
    }

    private struct Outline: Decodable {
        struct Session: Decodable { let owner: UInt32 }
        struct Times: Decodable { let ended: String }
        let session: Session
        let times: Times
    }

    /// The newest of them, the oldest of these first, a line each; of a very long file those that fit.
    ///
    /// - Parameter spool: what is to be in the file, and may not be yet.
    func lines(of path: String, and spool: RecordSpool) throws -> [UInt8] {
        // First: what is written meanwhile is then in both.
        let waiting = try spool.waiting()
        var bytes: [UInt8] = []
        do throws(SystemError) {
            bytes = try readEnd(of: path, atMost: Self.tail)
        } catch {
            if error.errno != .noSuchFileOrDirectory { throw error }
        }
        if !waiting.isEmpty {
            let written = Set(bytes.split(separator: UInt8(ascii: "\n")).suffix(waiting.count + 4096).map(Array.init))
            for record in waiting where !written.contains(record) { bytes += [UInt8(ascii: "\n")] + record }
        }
        var found: [ArraySlice<UInt8>] = []
        var size = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")).reversed() where found.count < limit {
            guard isWanted(line) else { continue }
            size += line.count
            if size > Self.mostBytes { break }
            found.append(line)
        }
        return Array(found.reversed().joined(separator: [UInt8(ascii: "\n")]))
    }

    private func isWanted(_ line: ArraySlice<UInt8>) -> Bool {
        // try?: a line that was cut is no record.
        guard let outline = try? JSONDecoder().decode(Outline.self, from: Data(line)),
            visibility.covers(owner: outline.session.owner)
        else { return false }
        guard let since else { return true }
        return CivilText.time(outline.times.ended).map { $0 >= since } ?? false
    }
}
