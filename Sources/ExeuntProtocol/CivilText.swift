// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import FoundationEssentials

/// Times as all documents have them: UTC, to the millisecond, such as `2026-01-31T12:00:00.000Z`.
public enum CivilText {
    /// The time as text.
    public static func text(_ nanoseconds: EndingRecord.CivilTime) -> String {
        let date = Date(timeIntervalSince1970: Double(nanoseconds) / 1e9)
        return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// With or without a fraction of a second; nil when it is no such time.
    public static func time(_ text: String) -> EndingRecord.CivilTime? {
        // try?: a text of the other form is tried next.
        let date =
            (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text))
        guard let date, abs(date.timeIntervalSince1970) < 9e9 else { return nil }
        return EndingRecord.CivilTime((date.timeIntervalSince1970 * 1000).rounded()) * 1_000_000
    }
}
