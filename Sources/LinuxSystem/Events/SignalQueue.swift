// SPDX-License-Identifier: Apache-2.0
import CLinux

/// A signal as it arrived.
public struct ReceivedSignal: Hashable, Sendable {
    public let signal: Signal
    /// `si_code`: who or what made it.
    public let code: Int32
    /// The pid of the sender, 0 where there is none (the kernel, or outside this pid namespace).
    public let sender: Int32
    /// The real user id of the sender.
    public let senderUID: UInt32
    /// Made by the kernel, such as by a terminal's Ctrl-C.
    public var isFromKernel: Bool { code == Int32(CLINUX_SI_KERNEL) }
}

/// Signals as events: blocked for good, and read from a descriptor that is readable while one waits.
public final class SignalQueue {
    /// The mask as it was before, for a payload that must not notice.
    public let originalMask: SignalSet
    private let queue: Descriptor

    /// Blocks these signals; the mask is not put back when the queue goes.
    public init(blocking signals: [Signal]) throws(SystemError) {
        let wanted = SignalSet(signals)
        var previous: UInt64 = 0
        _ = try check(clinux_get_mask(&previous), "get", "signal mask")
        queue = Descriptor(adopting: try check(clinux_signalfd(wanted.bits), "make", "signal descriptor"))
        _ = try check(clinux_set_mask(previous | wanted.bits, nil), "set", "signal mask")
        originalMask = SignalSet(bits: previous)
    }

    public var descriptor: CInt { queue.number }

    /// nil when none waits.
    public func next() throws(SystemError) -> ReceivedSignal? {
        var found = clinux_received()
        guard try check(clinux_next_signal(queue.number, &found), "read", "signal descriptor") > 0 else { return nil }
        return ReceivedSignal(
            signal: Signal(rawValue: found.signal), code: found.code, sender: found.sender, senderUID: found.owner)
    }
}
