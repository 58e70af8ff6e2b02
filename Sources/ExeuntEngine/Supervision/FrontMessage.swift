// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// What front and keeper tell each other over their socket pair, two bytes a message.
enum FrontMessage {
    /// Front to keeper: this signal has arrived.
    case signal(Signal, isFromKernel: Bool)
    /// Keeper to front: the payload could not be born in the cgroup, which is gone.
    case cgroupDropped

    var bytes: [UInt8] {
        switch self {
        case .signal(let signal, let isFromKernel): [UInt8(truncatingIfNeeded: signal.rawValue), isFromKernel ? 1 : 0]
        case .cgroupDropped: [0, 0]
        }
    }

    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 2, let first = bytes.first, let last = bytes.dropFirst().first else { return nil }
        self = first == 0 ? .cgroupDropped : .signal(Signal(rawValue: Int32(first)), isFromKernel: last == 1)
    }

    /// The next message, nil when none waits or the other side is gone.
    static func next(from channel: borrowing Descriptor) throws(SystemError) -> FrontMessage? {
        var buffer = [UInt8](repeating: 0, count: 2)
        var failure: SystemError?
        let count = buffer.withUnsafeMutableBytes { room -> Int in
            do throws(SystemError) {
                return try channel.read(into: room) ?? 0
            } catch {
                failure = error
                return 0
            }
        }
        if let failure, failure.errno != .connectionReset { throw failure }
        return FrontMessage(buffer[..<count])
    }
}
