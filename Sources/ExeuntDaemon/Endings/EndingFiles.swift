// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import FoundationEssentials
import LinuxSystem

/// The files in which the processes that end sessions leave their records: `/run/exeunt/endings/ID`.
///
/// Such a process makes the file before it does anything, and holds its lock while it lives. So whoever comes later knows:
/// no file, nobody has begun; a lock, somebody is at it; two whole lines, it is done; anything else, somebody was killed.
final class EndingFiles {
    private let directory: StateDirectory
    /// A record of 20,000 processes has some 8 MiB.
    private static let largest = 256 << 20
    /// Room for the record of some hundred processes, or the beginning of a longer one: `/run` may be full by then.
    private static let reserved = 64 << 10

    init(_ path: String) throws(SystemError) { directory = try StateDirectory(path, mode: 0o700) }

    /// In the process that is to end the session: its file, or nil where another one is at it, or has done it.
    func begin(_ id: String) throws(SystemError) -> LockedFile? {
        guard let file = try LockedFile.take(id, in: directory) else { return nil }
        guard Self.parse(try file.contents(limit: Self.largest)) == nil else { return nil }
        // try?: without room now there may be some when the record is written.
        try? file.reserve(Self.reserved)
        return file
    }

    /// What there is of the ending of this session.
    enum State {
        case none
        case running(pid: Int32)
        case done(EndingSummary, record: [UInt8])
        case killed
    }

    func state(of id: String) throws(SystemError) -> State {
        // The lock first: it may be given up between the two, and then the file is whole.
        if let pid = try LockedFile.holder(of: id, in: directory) { return .running(pid: pid) }
        guard let contents = try directory.contents(of: id, limit: Self.largest) else { return .none }
        guard let (summary, record) = Self.parse(contents) else { return .killed }
        return .done(summary, record: record)
    }

    func remove(_ id: String) throws(SystemError) { try directory.remove(id) }

    /// Hands a file over to those whose records are to be written.
    ///
    /// - Returns: false if there is no place for it, and it was removed.
    func move(_ id: String, to spool: RecordSpool) throws(SystemError) -> Bool { try spool.take(id, from: directory) }

    /// Files of sessions that nobody knows.
    func names() throws(SystemError) -> [String] { try directory.names() }

    static func text(_ summary: EndingSummary, record: [UInt8]) throws -> [UInt8] {
        Array(try JSONEncoder().encode(summary)) + [UInt8(ascii: "\n")] + record + [UInt8(ascii: "\n")]
    }

    private static func parse(_ contents: [UInt8]) -> (EndingSummary, [UInt8])? {
        guard contents.last == UInt8(ascii: "\n"), let end = contents.firstIndex(of: UInt8(ascii: "\n")),
            end + 1 < contents.count,
            // try?: what cannot be read was not written to its end.
            let summary = try? JSONDecoder().decode(EndingSummary.self, from: Data(contents[..<end]))
        else { return nil }
        return (summary, Array(contents[(end + 1)...].dropLast()))
    }
}
