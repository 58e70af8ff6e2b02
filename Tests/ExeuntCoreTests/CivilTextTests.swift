// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

@Suite struct CivilTextTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_769_860_800_000_000_000, "2026-01-31T12:00:00.000Z"),
            (1_769_860_800_020_000_000, "2026-01-31T12:00:00.020Z"),
            (1_709_164_800_999_000_000, "2024-02-29T00:00:00.999Z"),
            (-1_000_000, "1969-12-31T23:59:59.999Z"), (951_782_400_001_000_000, "2000-02-29T00:00:00.001Z"),
        ] as [(Int64, String)]) func timesComeBack(time: Int64, text: String)
    {
        #expect(CivilText.text(time) == text)
        #expect(CivilText.time(text) == time)
    }

    @Test func fractionsAreCutAndMayBeMissing() {
        #expect(CivilText.text(1_999_999) == "1970-01-01T00:00:00.001Z")
        #expect(CivilText.time("1970-01-01T00:00:01Z") == 1_000_000_000)
        #expect(CivilText.time("1970-01-01T00:00:00.5Z") == 500_000_000)
        #expect(CivilText.time("1970-01-01T00:00:00.123456789Z") == 123_456_789)
    }

    @Test(arguments: [
        "", "now", "2026-01-31", "2026-13-31T12:00:00Z", "2026-02-29T12:00:00Z", "2026-01-00T12:00:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:60Z", "2026-01-31 12:00:00Z",
        "2026-01-31T12:00:00", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.1234567890Z", "2026-01-31T12:00:000.1Z",
        "9999-01-31T12:00:00Z", "2026-01-31T12:00:00+01Z", "2026-01-3\u{0661}T12:00:00Z",
    ]) func whatIsNoTimeIsNone(text: String) { #expect(CivilText.time(text) == nil) }

    @Test func everyDayFollowsTheOneBefore() {
        for days in stride(from: -800_000, to: 800_000, by: 17) {
            let date = CivilDate(daysSince1970: days)
            #expect(date.daysSince1970 == days)
            let next = CivilDate(daysSince1970: days + 1)
            #expect(next.day == date.day + 1 || (next.day == 1 && date.day >= 28 && next.month == date.month % 12 + 1))
        }
    }
}
