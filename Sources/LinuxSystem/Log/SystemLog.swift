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

    /// A log for this facility.
    public init(_ facility: Facility) { self.facility = facility }

    /// One line; `exeunt[PID]:` is put before it.
    ///
    /// syslog(3) would wait for ever for a log that nobody reads: a user who can stop it could keep every session open.
    public func write(_ level: Level, _ line: String) {
        guard let socket = Self.connect() else { return }
        let text = "<\(facility.number | level.rawValue)>\(Self.timestamp) exeunt[\(getpid())]: \(line)"
        let flags = Int32(truncatingIfNeeded: MSG_NOSIGNAL)
        _ = Array(text.utf8).withUnsafeBytes { send(socket.number, $0.baseAddress, $0.count, flags) }
    }

    /// nil where nobody listens.
    private static func connect() -> Descriptor? {
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return nil }
        let socket = Descriptor(adopting: number)
        var patience = timeval(tv_sec: 0, tv_usec: 250_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, size) == 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath) }
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
