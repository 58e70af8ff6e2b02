// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// SIG_IGN
private let ignore: UInt = 1

extension CurrentProcess {
    /// The signals that are ignored now; at the start of a program, those that the caller wanted ignored (nohup).
    public static func ignoredSignals() -> SignalSet {
        var current = clinux_disposition()
        return SignalSet(
            (1...64).map(Signal.init(rawValue:)).filter { signal in
                clinux_disposition(signal.rawValue, nil, &current) == 0 && current.handler == ignore
            })
    }

    /// Ignores a signal, or gives it its default action. SIGCHLD must not be ignored by whoever reaps children.
    public static func setIgnored(_ signal: Signal, _ isIgnored: Bool) throws(SystemError) {
        var wanted = clinux_disposition()
        wanted.handler = isIgnored ? ignore : 0
        _ = try check(clinux_disposition(signal.rawValue, &wanted, nil), "set", "action of \(signal)")
    }

    /// Ends this process as the signal does by default, so that whoever waits for it sees the signal. Comes back if
    /// that was of no use: for process 1 of a pid namespace.
    public static func end(by signal: Signal) throws(SystemError) {
        try setIgnored(signal, false)
        _ = raise(signal.rawValue)
        try setSignalMask(.none)
    }

    /// Blocks these signals and no others.
    /// - Returns: what was blocked before.
    @discardableResult
    public static func setSignalMask(_ mask: SignalSet) throws(SystemError) -> SignalSet {
        var previous: UInt64 = 0
        _ = try check(clinux_change_mask(SIG_SETMASK, mask.bits, &previous), "set", "signal mask")
        return SignalSet(bits: previous)
    }
}
