// SPDX-License-Identifier: Apache-2.0

/// Year, month, day and time of day, in the Gregorian calendar.
public struct CivilFields: Hashable, Sendable {
    let year: Int64
    /// From 1.
    let month: Int64
    /// From 1.
    let day: Int64
    let hour: Int64
    let minute: Int64
    let second: Int64

    /// nil when there is no such day, or time of day. Years have four digits.
    public init?(year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0) {
        guard 1970...9999 ~= year, 1...12 ~= month, 1...31 ~= day, 0...23 ~= hour, 0...59 ~= minute, 0...60 ~= second
        else { return nil }
        self.init(unchecked: (year, month, day), hour, minute, second)
        // A day that a month does not have is one of the next month.
        guard CivilFields(secondsSinceEpoch: days * Self.day).day == day else { return nil }
    }

    /// What a clock shows so many seconds after it has shown 1970-01-01 00:00.
    public init(secondsSinceEpoch seconds: Int64) {
        let days = (seconds >= 0 ? seconds : seconds - (Self.day - 1)) / Self.day
        let rest = seconds - days * Self.day
        self.init(unchecked: Self.date(days), rest / 3600, rest % 3600 / 60, rest % 60)
    }

    /// How many seconds after 1970-01-01 00:00 a clock shows this.
    public var secondsSinceEpoch: Int64 { days * Self.day + hour * 3600 + minute * 60 + second }

    /// The beginning of the day that is so many days later.
    public func midnight(daysLater: Int64) -> CivilFields {
        CivilFields(secondsSinceEpoch: (days + daysLater) * Self.day)
    }

    private init(
        unchecked date: (year: Int64, month: Int64, day: Int64), _ hour: Int64, _ minute: Int64, _ second: Int64
    ) {
        (year, month, day) = date
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    private static let day: Int64 = 86_400

    /// Days since 1970-01-01. Years are counted from March, so that the day that comes and goes is the last of a year.
    private var days: Int64 {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9, day)
    }
}
