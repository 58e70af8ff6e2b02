// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

@testable import ExeuntReports

@Suite struct WhenTextTests {
    /// 2026-01-31 12:30:00 UTC.
    private static let now: EndingRecord.CivilTime = 1_769_862_600_000_000_000
    private static let second: Int64 = 1_000_000_000
    /// An hour east of UTC, and one more from 2026-03-29 01:00 UTC on.
    private static let berlin = LocalZone { time in time < 1_774_746_000 * second ? 3600 : 7200 }

    private static func shown(_ text: String, _ zone: LocalZone) throws -> String {
        LocalZone.utc.text(try WhenText.parse(text, now: now, zone: zone), hasSeconds: true)
    }

    @Test(arguments: [
        ("2026-01-31", "2026-01-31 00:00:00"), ("2026-01-31T12:00", "2026-01-31 12:00:00"),
        ("2026-01-31 12:00:05", "2026-01-31 12:00:05"), ("2026-01-31T12:00:05.250Z", "2026-01-31 12:00:05"),
        ("2h", "2026-01-31 10:30:00"), ("1d 30min ago", "2026-01-30 12:00:00"), ("now", "2026-01-31 12:30:00"),
        ("today", "2026-01-31 00:00:00"), ("yesterday", "2026-01-30 00:00:00"), ("2024-02-29", "2024-02-29 00:00:00"),
    ])
    func utc(_ text: String, _ expected: String) throws {
        #expect(try Self.shown(text, .utc) == expected)
    }

    @Test(arguments: [
        ("2026-01-31T12:00", "2026-01-31 11:00:00"), ("2026-01-31T12:00Z", "2026-01-31 12:00:00"),
        ("today", "2026-01-30 23:00:00"), ("2026-07-01", "2026-06-30 22:00:00"),
        ("2026-03-29T01:59", "2026-03-29 00:59:00"), ("2026-03-29T03:01", "2026-03-29 01:01:00"),
    ])
    func local(_ text: String, _ expected: String) throws {
        #expect(try Self.shown(text, Self.berlin) == expected)
    }

    @Test(arguments: [
        "", "tomorrow", "2026", "2026-13-01", "2026-02-29", "2026-04-31", "2026-1-1", "2026-01-31T24:00", "12:00", "x",
        "2026-01-31T", "2026-01-31T12", "-1h", "2026-01-31T12:00+01:00", "\u{661}h",
    ])
    func refused(_ text: String) {
        #expect(throws: TextError.self) { try WhenText.parse(text, now: Self.now, zone: .utc) }
    }

    @Test func daysThereAndBack() {
        for day in stride(from: Int64(0), to: 2_932_896, by: 37) {
            let fields = CivilFields(secondsSinceEpoch: day * 86_400 + 3_723)
            #expect(fields.secondsSinceEpoch == day * 86_400 + 3_723)
            #expect(CivilFields(year: fields.year, month: fields.month, day: fields.day) != nil)
        }
    }
}
