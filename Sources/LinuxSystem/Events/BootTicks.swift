// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Clock ticks since the machine was booted, the unit of a process's start time: proc_pid_stat(5) field 22 counts
/// `CLOCK_BOOTTIME` (Linux 5.5; suspend included) in units of `sysconf(_SC_CLK_TCK)`.
public enum BootTicks {
    private static let perSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// The tick that is running now.
    public static func now() -> UInt64 { tick(at: boottime()) }

    /// The tick that was running at that moment, or an earlier one: the machine may have been suspended since.
    public static func at(_ moment: MonotonicInstant) -> UInt64 {
        // In this order: the time between the two makes it earlier, never later.
        let now = boottime()
        return tick(at: max(.zero, now - (MonotonicInstant.now() - moment)))
    }

    private static func boottime() -> Duration {
        var now = timespec()
        _ = clock_gettime(CLOCK_BOOTTIME, &now)
        return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    }

    private static func tick(at time: Duration) -> UInt64 {
        let (seconds, attoseconds) = time.components
        return UInt64(seconds) * perSecond + UInt64(attoseconds / 1_000_000_000) * perSecond / 1_000_000_000
    }

    /// How long ago that tick was.
    public static func age(of tick: UInt64) -> Duration {
        let now = now()
        return .milliseconds(tick > now ? 0 : Int64((now - tick) * 1000 / perSecond))
    }
}
