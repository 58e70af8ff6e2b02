// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A point on CLOCK_MONOTONIC: not moved by clock changes, and standing still while the machine is suspended.
public struct MonotonicInstant: Comparable, Hashable, Sendable {
    /// Since an arbitrary point that stays the same until the machine is booted again.
    public let nanoseconds: UInt64

    /// From a reading of the clock.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// What the clock says.
    public static func now() -> MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// Whether one comes before the other.
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Ends at 0 and at the last instant there is, instead of overflowing.
    public static func + (instant: Self, duration: Duration) -> Self {
        let change = duration.saturatingNanoseconds
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(change.magnitude)
        if change >= 0 { return Self(nanoseconds: overflow ? .max : sum) }
        return Self(nanoseconds: instant.nanoseconds - min(instant.nanoseconds, change.magnitude))
    }

    /// Negative when the first comes before the second.
    public static func - (later: Self, earlier: Self) -> Duration {
        later < earlier
            ? .zero - .nanoseconds(Int64(clamping: earlier.nanoseconds - later.nanoseconds))
            : .nanoseconds(Int64(clamping: later.nanoseconds - earlier.nanoseconds))
    }
}

extension Duration {
    var saturatingNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowToo) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflowToo ? (seconds < 0 ? .min : .max) : sum
    }

    /// For calls that count in milliseconds: rounded up, so that nothing wakes too early and spins.
    var millisecondsRoundedUp: CInt {
        CInt(clamping: (max(0, saturatingNanoseconds) &+ 999_999).magnitude / 1_000_000)
    }
}
