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

    /// How many seconds clocks on the wall are east of UTC at that moment, by TZ or /etc/localtime.
    public static func secondsEastOfUTC(at nanoseconds: Int64) -> Int64 {
        var time = time_t(nanoseconds / 1_000_000_000)
        var fields = tm()
        return localtime_r(&time, &fields) == nil ? 0 : Int64(fields.tm_gmtoff)
    }
}
