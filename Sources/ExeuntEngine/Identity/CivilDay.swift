// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A day of the civil calendar, counted from 1970-01-01 as the shadow database does.
enum CivilDay {
    /// Today, UTC.
    static var today: Int { Int(CivilClock.now() / 86_400_000_000_000) }

    /// Such as `2026-11-21`.
    static func text(_ day: Int) -> String { CivilDate(daysSince1970: day).description }
}
