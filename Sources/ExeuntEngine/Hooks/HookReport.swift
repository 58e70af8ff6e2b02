// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// How the process that kept a hook tells its parent what became of it: the values of a `HookOutcome` one after the
/// other, numbers with eight bytes, least first, and bytes after their count.
struct HookReport {
    var outcome: HookOutcome
    /// Nothing of the hook has begun, and what kept it from beginning may pass.
    var mayBeTriedAgain = false

    var bytes: [UInt8] {
        var writer = Writer()
        writer.put(mayBeTriedAgain ? 1 : 0)
        switch outcome.end {
        case .exited(let code): writer.put(0, Int64(code))
        case .signalled(let number): writer.put(1, Int64(number))
        case .notRun(let why):
            writer.put(2)
            writer.put(text: why.utf8)
        case .unknown(let why):
            writer.put(3)
            writer.put(text: why.utf8)
        }
        writer.put(outcome.file == nil ? 0 : 1)
        if let file = outcome.file {
            writer.put(Int64(bitPattern: file.device), Int64(bitPattern: file.inode))
        }
        writer.put(DurationText.nanoseconds(outcome.took), outcome.isTimedOut ? 1 : 0)
        writer.put(Int64(outcome.leftOvers.count))
        for process in outcome.leftOvers {
            writer.put(Int64(process.pid), process.isGone ? 1 : 0)
            writer.put(text: process.name)
        }
        writer.put(outcome.output == nil ? 0 : 1)
        if let output = outcome.output {
            writer.put(Int64(output.omitted))
            writer.put(text: output.bytes)
        }
        return writer.bytes
    }

    init(_ outcome: HookOutcome) { self.outcome = outcome }

    /// nil when the bytes are no whole report.
    init?(_ bytes: [UInt8], phase: HookPhase, path: [UInt8]) {
        var reader = Reader(bytes: bytes[...])
        do throws(Reader.Short) {
            mayBeTriedAgain = try reader.number() == 1
            outcome = HookOutcome(phase: phase, path: path, end: try Self.end(&reader))
            if try reader.number() == 1 {
                let device = UInt64(bitPattern: try reader.number())
                outcome.file = ExecutableIdentity(device: device, inode: UInt64(bitPattern: try reader.number()))
            }
            outcome.took = .nanoseconds(try reader.number())
            outcome.isTimedOut = try reader.number() == 1
            for _ in stride(from: 0, to: try reader.number(), by: 1) {
                let pid = Int32(truncatingIfNeeded: try reader.number())
                let isGone = try reader.number() == 1
                outcome.leftOvers.append(.init(pid: pid, name: try reader.text(), isGone: isGone))
            }
            if try reader.number() == 1 {
                let omitted = Int(try reader.number())
                outcome.output = HookOutcome.Output(bytes: try reader.text(), omitted: omitted)
            }
            guard reader.bytes.isEmpty else { return nil }
        } catch {
            return nil
        }
    }

    private static func end(_ reader: inout Reader) throws(Reader.Short) -> HookOutcome.End {
        switch try reader.number() {
        case 0: .exited(Int32(truncatingIfNeeded: try reader.number()))
        case 1: .signalled(Int32(truncatingIfNeeded: try reader.number()))
        case 2: .notRun(String(decoding: try reader.text(), as: UTF8.self))
        case 3: .unknown(String(decoding: try reader.text(), as: UTF8.self))
        default: throw Reader.Short()
        }
    }

    private struct Writer {
        var bytes: [UInt8] = []

        mutating func put(_ numbers: Int64...) {
            for number in numbers { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
        }

        mutating func put(text: some Collection<UInt8>) {
            put(Int64(text.count))
            bytes += text
        }
    }

    private struct Reader {
        struct Short: Error {}
        var bytes: ArraySlice<UInt8>

        mutating func number() throws(Short) -> Int64 {
            guard bytes.count >= 8 else { throw Short() }
            defer { bytes = bytes.dropFirst(8) }
            return bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int64($1) }
        }

        mutating func text() throws(Short) -> [UInt8] {
            let count = Int(try number())
            guard count >= 0, bytes.count >= count else { throw Short() }
            defer { bytes = bytes.dropFirst(count) }
            return Array(bytes.prefix(count))
        }
    }
}
