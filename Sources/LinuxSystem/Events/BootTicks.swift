// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Clock ticks since the machine was booted, the unit of a process's start time: proc_pid_stat(5) field 22 counts
/// `CLOCK_BOOTTIME` (Linux 5.5; suspend included) in units of `sysconf(_SC_CLK_TCK)`.
public enum BootTicks {
    private static let perSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// The tick that is running now.
    public static func now() -> UInt64 { ago(.zero) }

    /// The tick that was running so long ago, or the first one.
    public static func ago(_ time: Duration) -> UInt64 {
        var now = timespec()
        _ = clock_gettime(CLOCK_BOOTTIME, &now)
        let moment = max(.zero, .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec) - time).components
        return UInt64(moment.seconds) * perSecond + UInt64(moment.attoseconds / 1_000_000_000) * perSecond
            / 1_000_000_000
    }

    /// How long ago that tick was.
    public static func age(of tick: UInt64) -> Duration {
        let now = now()
        return .milliseconds(tick > now ? 0 : Int64((now - tick) * 1000 / perSecond))
    }
}
