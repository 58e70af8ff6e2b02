// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// A day of the civil calendar, counted from 1970-01-01 as the shadow database does.
enum CivilDay {
    /// Today, UTC.
    static var today: Int { Int(CivilClock.now() / 86_400_000_000_000) }

    /// Such as `2026-11-21`.
    static func text(_ day: Int) -> String {
        // A calendar that begins in March has its leap day last; 400 years have 146,097 days.
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isNextYear = month >= 10
        let parts = [isNextYear ? month - 9 : month + 3, dayOfYear - (153 * month + 2) / 5 + 1]
        let words = parts.map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(era * 400 + year + (isNextYear ? 1 : 0))-\(words[0])-\(words[1])"
    }
}
