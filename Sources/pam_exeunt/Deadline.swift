// SPDX-License-Identifier: Apache-2.0
import CPAM

/// An instant of the monotonic clock, which nobody can set.
struct Deadline {
    private let end: Int64

    init(afterMilliseconds milliseconds: Int64) {
        end = Self.now() &+ milliseconds
    }

    /// Milliseconds until then, as poll(2) takes them; 0 if it is over.
    var remaining: Int32 {
        Int32(truncatingIfNeeded: min(max(end &- Self.now(), 0), Int64(Int32.max)))
    }

    /// In milliseconds. The clock cannot fail.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
    }
}
