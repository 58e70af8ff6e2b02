// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Memory shared with forked readers: how many of a list are finished, and the outcome of each. Written by the one
/// reader that lives, or by the parent when none does.
final class ProgressBoard {
    private let memory: UnsafeMutableRawPointer
    private let size: Int
    private static let header = 8

    init(count: Int) throws(SystemError) {
        size = Self.header + count
        let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else {
            throw SystemError("map", "\(size) bytes of shared memory", Errno(rawValue: errno))
        }
        memory = mapped
    }

    deinit { munmap(memory, size) }

    private var words: UnsafeMutablePointer<UInt32> { memory.assumingMemoryBound(to: UInt32.self) }

    var finished: Int { Int(clinux_load(words)) }

    /// Changes with every read and every process finished.
    var beats: UInt32 { clinux_load(words + 1) &+ clinux_load(words) }

    func beat() { clinux_store(words + 1, clinux_load(words + 1) &+ 1) }

    func finish(_ count: Int) { clinux_store(words, UInt32(count)) }

    func set(_ outcome: EnvironmentOutcome, at index: Int) {
        memory.storeBytes(of: outcome.rawValue, toByteOffset: Self.header + index, as: UInt8.self)
    }

    func outcome(at index: Int) -> EnvironmentOutcome {
        EnvironmentOutcome(rawValue: memory.load(fromByteOffset: Self.header + index, as: UInt8.self)) ?? .pending
    }
}
