// SPDX-License-Identifier: Apache-2.0

/// A moment on the monotonic clock (clock_gettime(2), `CLOCK_MONOTONIC`), passed in by whoever drives the machines:
/// suspend does not count, and nobody can set it.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since an arbitrary start.
    public let nanoseconds: Int64

    /// The moment this long after the start of the clock.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whether the left one comes first.
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The moment `duration` later, or the end of time.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(DurationText.nanoseconds(duration))
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// How long after the right one the left one is.
    public static func - (left: Instant, right: Instant) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }
}
