// SPDX-License-Identifier: Apache-2.0

/// Times as all documents have them: UTC, cut to the millisecond, such as `2026-01-31T12:00:00.000Z`.
public enum CivilText {
    private static let daySeconds = 86400
    private static let second = 1_000_000_000

    /// The time as text. Whole numbers all the way: a fraction would turn .020 into .019.
    public static func text(_ nanoseconds: EndingRecord.CivilTime) -> String {
        let nanoseconds = Int(nanoseconds)
        let seconds = CivilDate.quotient(nanoseconds, second)
        let days = CivilDate.quotient(seconds, daySeconds)
        let time = seconds - days * daySeconds
        let fields = [time / 3600, time / 60 % 60, time % 60].map { CivilDate.padded($0, 2) }.joined(separator: ":")
        let milliseconds = CivilDate.padded((nanoseconds - seconds * second) / 1_000_000, 3)
        return "\(CivilDate(daysSince1970: days))T\(fields).\(milliseconds)Z"
    }

    /// With or without a fraction of a second; nil when it is no such time, or none that a clock can have.
    public static func time(_ text: String) -> EndingRecord.CivilTime? {
        let bytes = Array(text.utf8)
        // 2026-01-31T12:00:00Z and what is between the last two characters.
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), hasShape(bytes) else { return nil }
        func number(_ start: Int, _ count: Int) -> Int { digits(bytes[start..<(start + count)]) ?? 0 }
        let date = CivilDate(year: number(0, 4), month: number(5, 2), day: number(8, 2))
        let (hour, minute, second) = (number(11, 2), number(14, 2), number(17, 2))
        guard let days = date.daysSince1970, hour < 24, minute < 60, second < 60 else { return nil }
        guard let fraction = fraction(bytes[19..<(bytes.count - 1)]) else { return nil }
        let seconds = days * daySeconds + hour * 3600 + minute * 60 + second
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: Self.second)
        let (sum, overflowToo) = whole.addingReportingOverflow(fraction)
        return overflow || overflowToo ? nil : EndingRecord.CivilTime(sum)
    }

    private static func hasShape(_ bytes: [UInt8]) -> Bool {
        zip(bytes, "0000-00-00T00:00:00".utf8).allSatisfy { found, wanted in
            wanted == UInt8(ascii: "0") ? isDigit(found) : found == wanted
        }
    }

    /// In nanoseconds; none is 0.
    private static func fraction(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.isEmpty { return 0 }
        guard bytes.first == UInt8(ascii: "."), (2...10).contains(bytes.count) else { return nil }
        let missing = [UInt8](repeating: UInt8(ascii: "0"), count: 10 - bytes.count)
        return digits(bytes.dropFirst() + missing)
    }

    private static func digits(_ bytes: some Collection<UInt8>) -> Int? {
        bytes.allSatisfy(isDigit) ? bytes.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
