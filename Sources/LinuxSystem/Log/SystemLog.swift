// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The host's log, by syslog(3). A host without one loses what is written: nobody waits for a log.
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

    /// A log for this facility.
    public init(_ facility: Facility) { self.facility = facility }

    /// One line; `exeunt[PID]:` is put before it.
    public func write(_ level: Level, _ line: String) {
        // The name is kept by glibc as a pointer, so that it has to stay where it is.
        openlog(Self.name, LOG_PID, facility.number)
        line.withCString { text in
            withVaList([text]) { vsyslog(level.rawValue, "%s", $0) }
        }
        closelog()
    }

    // Written once, before anybody can read it.
    private nonisolated(unsafe) static let name = strdup("exeunt")
}
