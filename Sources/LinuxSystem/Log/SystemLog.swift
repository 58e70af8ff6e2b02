// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The host's log, in the protocol of syslog(3). A host without one, or with one that does not keep up for a quarter of
/// a second, loses what is written: no session waits for a log.
public struct SystemLog: Sendable {
    /// Which part of the host speaks, as syslog.conf(5) names it.
    public enum Facility: String, CaseIterable, Sendable {
        case auth, authpriv, cron, daemon, ftp, kern, local0, local1, local2, local3, local4, local5, local6, local7
        case lpr, mail, news, syslog, user, uucp

        var number: CInt {
            switch self {
            case .kern: 0 << 3
            case .user: 1 << 3
            case .mail: 2 << 3
            case .daemon: 3 << 3
            case .auth: 4 << 3
            case .syslog: 5 << 3
            case .lpr: 6 << 3
            case .news: 7 << 3
            case .uucp: 8 << 3
            case .cron: 9 << 3
            case .authpriv: 10 << 3
            case .ftp: 11 << 3
            case .local0: 16 << 3
            case .local1: 17 << 3
            case .local2: 18 << 3
            case .local3: 19 << 3
            case .local4: 20 << 3
            case .local5: 21 << 3
            case .local6: 22 << 3
            case .local7: 23 << 3
            }
        }
    }

    /// How much it matters.
    public enum Level: CInt, Sendable {
        case error = 3
        case warning = 4
        case information = 6
    }

    private let facility: Facility
    private static let socketPath = Array("/dev/log".utf8)
    private static let journalPath = Array("/run/systemd/journal/socket".utf8)

    /// A log for this facility.
    public init(_ facility: Facility) { self.facility = facility }

    /// One line; `exeunt[PID]:` is put before it. Where there is a journal it gets the fields as well, whose values are in
    /// the line and must be escaped.
    ///
    /// syslog(3) would wait for ever for a log that nobody reads: a user who can stop it could keep every session open.
    public func write(_ level: Level, _ line: String, fields: [(String, String)] = []) {
        if !fields.isEmpty, let journal = Self.connect(to: Self.journalPath) {
            return Self.send(journalEntry(level, line, fields), over: journal)
        }
        guard let socket = Self.connect(to: Self.socketPath) else { return }
        let text = "<\(facility.number | level.rawValue)>\(Self.timestamp) exeunt[\(getpid())]: \(line)"
        Self.send(text, over: socket)
    }

    /// The native protocol of systemd's journal: a line for each field, systemd.journal-fields(7).
    private func journalEntry(_ level: Level, _ line: String, _ fields: [(String, String)]) -> String {
        let own = [
            ("MESSAGE", line), ("PRIORITY", "\(level.rawValue)"), ("SYSLOG_IDENTIFIER", "exeunt"),
            ("SYSLOG_FACILITY", "\(facility.number >> 3)"), ("SYSLOG_PID", "\(getpid())"),
        ]
        return (own + fields).map { "\($0.0)=\($0.1)\n" }.joined()
    }

    private static func send(_ text: String, over socket: borrowing Descriptor) {
        let flags = Int32(truncatingIfNeeded: MSG_NOSIGNAL)
        let number = socket.number
        _ = Array(text.utf8).withUnsafeBytes { Glibc.send(number, $0.baseAddress, $0.count, flags) }
    }

    /// nil where nobody listens.
    private static func connect(to path: [UInt8]) -> Descriptor? {
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return nil }
        let socket = Descriptor(adopting: number)
        var patience = timeval(tv_sec: 0, tv_usec: 250_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, size) == 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        if isConnected { return socket }
        return nil
    }

    /// Local time, as the log's protocol has it: `Nov 21 09:56:46`.
    private static var timestamp: String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            guard let start = buffer.baseAddress, strftime(start, buffer.count, "%b %e %T", &parts) > 0 else {
                return ""
            }
            return String(cString: start)
        }
    }
}
