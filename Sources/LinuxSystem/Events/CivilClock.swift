// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The time of day, for people: it can be set, so nothing is decided by it.
public enum CivilClock {
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    public static func now() -> Int64 {
        var time = timespec()
        _ = clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
