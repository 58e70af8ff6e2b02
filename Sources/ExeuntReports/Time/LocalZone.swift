// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol

/// How clocks on the wall differ from UTC.
public struct LocalZone: Sendable {
    /// Seconds east of UTC at a moment of UTC.
    private let offset: @Sendable (EndingRecord.CivilTime) -> Int64

    /// - Parameter offset: seconds east of UTC, at a moment in nanoseconds since 1970-01-01 00:00 UTC.
    public init(offset: @escaping @Sendable (EndingRecord.CivilTime) -> Int64) { self.offset = offset }

    /// No difference.
    public static var utc: LocalZone { LocalZone { _ in 0 } }

    /// What a clock on the wall shows then.
    public func fields(at time: EndingRecord.CivilTime) -> CivilFields {
        CivilFields(secondsSinceEpoch: Self.seconds(time) + offset(time))
    }

    /// When clocks on the wall show this; when they show it twice, either of the two.
    public func time(_ fields: CivilFields) -> EndingRecord.CivilTime {
        let wall = fields.secondsSinceEpoch
        // The offset holds for UTC, which it is needed to find: near a change of it the first guess can be an hour off.
        let guess = wall - offset(wall * 1_000_000_000)
        return (wall - offset(guess * 1_000_000_000)) * 1_000_000_000
    }

    /// `2026-01-31 12:00:00`, or without the seconds.
    public func text(_ time: EndingRecord.CivilTime, hasSeconds: Bool = false) -> String {
        let fields = fields(at: time)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minute = "\(fields.year)-\(two(fields.month))-\(two(fields.day)) \(two(fields.hour)):\(two(fields.minute))"
        return hasSeconds ? "\(minute):\(two(fields.second))" : minute
    }

    /// A time of a document; what is none is shown as it is.
    public func shown(_ text: String, hasSeconds: Bool = false) -> String {
        CivilText.time(text).map { self.text($0, hasSeconds: hasSeconds) } ?? ShownText.text(text)
    }

    private static func seconds(_ time: EndingRecord.CivilTime) -> Int64 {
        time >= 0 ? time / 1_000_000_000 : (time - 999_999_999) / 1_000_000_000
    }
}
