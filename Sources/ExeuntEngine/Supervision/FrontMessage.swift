// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// What the front tells the keeper over their socket pair, two bytes a message: this signal has arrived.
struct FrontMessage {
    let signal: Signal
    /// Made by the kernel, such as by a terminal's Ctrl-C.
    let isFromKernel: Bool

    var bytes: [UInt8] { [UInt8(truncatingIfNeeded: signal.rawValue), isFromKernel ? 1 : 0] }

    init(signal: Signal, isFromKernel: Bool) {
        self.signal = signal
        self.isFromKernel = isFromKernel
    }

    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 2, let first = bytes.first, let last = bytes.dropFirst().first else { return nil }
        self.init(signal: Signal(rawValue: Int32(first)), isFromKernel: last == 1)
    }

    /// The next message, nil when none waits or the other side is gone.
    static func next(from channel: borrowing Descriptor) throws(SystemError) -> FrontMessage? {
        do throws(SystemError) {
            return try channel.readSome(atMost: 2).flatMap { FrontMessage($0) }
        } catch {
            if error.errno == .connectionReset { return nil }
            throw error
        }
    }
}
