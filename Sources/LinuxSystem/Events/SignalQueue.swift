// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A signal as it arrived.
public struct ReceivedSignal: Hashable, Sendable {
    /// Which one it is.
    public let signal: Signal
    /// `si_code`: who or what made it.
    public let code: Int32
    /// The pid of the sender, 0 where there is none (the kernel, or outside this pid namespace).
    public let sender: Int32
    /// The real user id of the sender.
    public let senderUID: UInt32
    /// Made by the kernel, such as by a terminal's Ctrl-C.
    public var isFromKernel: Bool { code == 0x80 }  // SI_KERNEL
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
        _ = try check(clinux_change_mask(SIG_BLOCK, 0, &previous), "get", "signal mask")
        queue = Descriptor(adopting: CInt(try check(makeSignalDescriptor(wanted.bits), "make", "signal descriptor")))
        _ = try check(clinux_change_mask(SIG_BLOCK, wanted.bits, nil), "set", "signal mask")
        originalMask = SignalSet(bits: previous)
    }

    /// For `EventInterest.read`.
    public var descriptor: CInt { queue.number }

    /// nil when none waits.
    public func next() throws(SystemError) -> ReceivedSignal? {
        var found = signalfd_siginfo()
        let size = clinux_read(queue.number, &found, MemoryLayout.size(ofValue: found))
        if size == -Int(EAGAIN) { return nil }
        _ = try check(size, "read", "signal descriptor")
        return ReceivedSignal(
            signal: Signal(rawValue: Int32(truncatingIfNeeded: found.ssi_signo)), code: found.ssi_code,
            sender: Int32(truncatingIfNeeded: found.ssi_pid), senderUID: found.ssi_uid)
    }
}
