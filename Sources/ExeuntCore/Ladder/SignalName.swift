// SPDX-License-Identifier: Apache-2.0

/// A signal by its name; which number it has is the operating system's business, not the core's.
public enum SignalName: String, CaseIterable, Hashable, Sendable {
    /// SIGHUP, signal(7).
    case hup = "HUP"
    /// SIGINT, signal(7).
    case int = "INT"
    /// SIGQUIT, signal(7).
    case quit = "QUIT"
    /// SIGABRT, signal(7).
    case abrt = "ABRT"
    /// SIGKILL, signal(7).
    case kill = "KILL"
    /// SIGUSR1, signal(7).
    case usr1 = "USR1"
    /// SIGUSR2, signal(7).
    case usr2 = "USR2"
    /// SIGPIPE, signal(7).
    case pipe = "PIPE"
    /// SIGALRM, signal(7).
    case alrm = "ALRM"
    /// SIGTERM, signal(7).
    case term = "TERM"
    /// SIGCONT, signal(7).
    case cont = "CONT"
    /// SIGSTOP, signal(7).
    case stop = "STOP"
    /// SIGTSTP, signal(7).
    case tstp = "TSTP"
    /// SIGWINCH, signal(7).
    case winch = "WINCH"

    /// The signal of this name, with or without `SIG`, in any case.
    public init?(text: some StringProtocol) {
        var name = text.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        self.init(rawValue: name)
    }
}
