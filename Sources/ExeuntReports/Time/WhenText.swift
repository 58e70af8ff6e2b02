// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A moment in the past as people say it: `2026-01-31`, `2026-01-31T12:00`, `today`, `yesterday`, `2h`.
public enum WhenText {
    /// Days and times are those of the zone, unless there is a `Z` behind them: that is UTC.
    ///
    /// - Throws: `TextError` for anything else.
    public static func parse(
        _ text: String, now: EndingRecord.CivilTime, zone: LocalZone
    ) throws(TextError) -> EndingRecord.CivilTime {
        switch text {
        case "now": return now
        case "today": return zone.time(zone.fields(at: now).midnight(daysLater: 0))
        case "yesterday": return zone.time(zone.fields(at: now).midnight(daysLater: -1))
        default: break
        }
        if let fields = date(text.hasSuffix("Z") ? text.dropLast() : text[...]) {
            return text.hasSuffix("Z") ? LocalZone.utc.time(fields) : zone.time(fields)
        }
        let ago = text.hasSuffix(" ago") ? String(text.dropLast(4)) : text
        // A number alone would be seconds, and is rather a year, or a mistake.
        guard ago.contains(where: \.isLetter), let duration = duration(ago) else {
            throw TextError(
                what: "time", text: text,
                expected: "a day or time such as 2026-01-31 or 2026-01-31T12:00, today, yesterday, or how long ago, "
                    + "such as 2h or 7d")
        }
        return now - DurationText.nanoseconds(duration)
    }

    private static func duration(_ text: String) -> Duration? {
        do throws(TextError) {
            return try DurationText.parse(text)
        } catch {
            // It is no duration; the caller says what it should have been.
            return nil
        }
    }

    private static func date(_ text: Substring) -> CivilFields? {
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "T" || $0 == " " })
        guard let first = parts.first, parts.count <= 2 else { return nil }
        guard let day = numbers(first, "-", [4, 2, 2]) else { return nil }
        guard parts.count == 2 else { return CivilFields(year: day[0], month: day[1], day: day[2]) }
        // Records have thousandths, which matter to nobody.
        let clock = parts[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard let time = numbers(clock, ":", [2, 2]) ?? numbers(clock, ":", [2, 2, 2]) else { return nil }
        return CivilFields(
            year: day[0], month: day[1], day: day[2], hour: time[0], minute: time[1],
            second: time.count > 2 ? time[2] : 0)
    }

    /// Numbers of exactly so many digits.
    private static func numbers(_ text: Substring, _ separator: Character, _ digits: [Int]) -> [Int64]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.count) == digits, parts.allSatisfy({ $0.allSatisfy { "0"..."9" ~= $0 } }) else { return nil }
        return parts.compactMap { Int64($0) }
    }
}
