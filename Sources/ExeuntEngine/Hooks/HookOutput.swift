// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Takes what a hook writes: the beginning is kept, the rest is counted, and the hook never has to wait.
final class HookOutput {
    private let pipe: Pipe
    private var kept: [UInt8] = []
    private var omitted = 0

    init() throws(SystemError) {
        pipe = try makePipe()
        try pipe.readEnd.setNonblocking()
    }

    /// Readable when something was written. Never at its end, since this process holds the other one.
    var descriptor: CInt { pipe.readEnd.number }

    /// For the hook's 1 and 2.
    var writeDescriptor: CInt { pipe.writeEnd.number }

    /// Takes what is there, a pipe's worth at most: everything else must have its turn.
    func take() throws(SystemError) {
        for _ in 0..<4 {
            guard let bytes = try pipe.readEnd.readSome(atMost: 16384), !bytes.isEmpty else { return }
            let room = HookOutcome.Output.most - kept.count
            kept += bytes.prefix(room)
            omitted += max(0, bytes.count - room)
        }
    }

    /// Everything so far.
    var contents: HookOutcome.Output { HookOutcome.Output(bytes: kept, omitted: omitted) }
}
