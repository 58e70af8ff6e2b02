// SPDX-License-Identifier: Apache-2.0

/// A signal's number; the numbers of x86_64 and aarch64 are the same.
public struct Signal: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: Int32

    /// Any number: whether it is a signal, the kernel says.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Its terminal is gone, or the log-in has ended.
    public static let hup = Signal(rawValue: 1)
    /// Ctrl-C.
    public static let int = Signal(rawValue: 2)
    /// Ctrl-Backslash; dumps core.
    public static let quit = Signal(rawValue: 3)
    /// What `abort()` raises.
    public static let abrt = Signal(rawValue: 6)
    /// Cannot be caught, blocked or ignored.
    public static let kill = Signal(rawValue: 9)
    /// For programs' own use.
    public static let usr1 = Signal(rawValue: 10)
    /// An access to memory that is not there.
    public static let segv = Signal(rawValue: 11)
    /// For programs' own use.
    public static let usr2 = Signal(rawValue: 12)
    /// Written to a pipe that nobody reads.
    public static let pipe = Signal(rawValue: 13)
    /// A timer of `alarm()` has expired.
    public static let alrm = Signal(rawValue: 14)
    /// The request to end.
    public static let term = Signal(rawValue: 15)
    /// A child has exited, stopped or gone on.
    public static let chld = Signal(rawValue: 17)
    /// Go on after a stop.
    public static let cont = Signal(rawValue: 18)
    /// Cannot be caught, blocked or ignored.
    public static let stop = Signal(rawValue: 19)
    /// Ctrl-Z.
    public static let tstp = Signal(rawValue: 20)
    /// A background process read from its terminal.
    public static let ttin = Signal(rawValue: 21)
    /// A background process wrote to its terminal.
    public static let ttou = Signal(rawValue: 22)
    /// A file would grow beyond its limit (RLIMIT_FSIZE).
    public static let xfsz = Signal(rawValue: 25)
    /// The terminal's window has changed its size.
    public static let winch = Signal(rawValue: 28)

    private static let names = [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ]
    /// As glibc has them: the kernel's first two are its own.
    private static let firstRealTime: Int32 = 34
    private static let lastRealTime: Int32 = 64

    /// Understands names with and without `SIG`, in any case, and `RTMIN+n`; never a number.
    public init?(name: String) {
        var name = name.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        if let index = Self.names.firstIndex(of: name), index > 0 {
            self.init(rawValue: Int32(index))
        } else if name == "RTMIN" {
            self.init(rawValue: Self.firstRealTime)
        } else if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)),
            (0...Self.lastRealTime - Self.firstRealTime).contains(offset)
        {
            self.init(rawValue: Self.firstRealTime + offset)
        } else {
            return nil
        }
    }

    /// Without `SIG`: `TERM`, `RTMIN+3`; the number where there is no name.
    public var name: String {
        if rawValue > 0, rawValue < Self.names.count { return Self.names[Int(rawValue)] }
        if rawValue == Self.firstRealTime { return "RTMIN" }
        if rawValue > Self.firstRealTime, rawValue <= Self.lastRealTime {
            return "RTMIN+\(rawValue - Self.firstRealTime)"
        }
        return String(rawValue)
    }

    /// The name with `SIG`.
    public var description: String { "SIG\(name)" }
}

/// Signals as the kernel's own set of 64 bits.
public struct SignalSet: Hashable, Sendable {
    /// Bit n-1 is signal n.
    public let bits: UInt64

    /// From the kernel's own form.
    public init(bits: UInt64) { self.bits = bits }

    /// What is no signal is left out.
    public init(_ signals: [Signal]) {
        bits = signals.reduce(0) { set, signal in
            (1...64).contains(signal.rawValue) ? set | 1 << UInt64(signal.rawValue - 1) : set
        }
    }

    /// The empty set.
    public static let none = SignalSet(bits: 0)

    /// Whether the signal is in it.
    public func contains(_ signal: Signal) -> Bool {
        (1...64).contains(signal.rawValue) && bits >> UInt64(signal.rawValue - 1) & 1 == 1
    }
}
