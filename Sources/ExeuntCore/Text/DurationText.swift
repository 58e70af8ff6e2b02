// SPDX-License-Identifier: Apache-2.0

/// Durations as people write them: `500ms`, `5s`, `2min`, `1h 30min`; a bare number is seconds (systemd.time(7)).
public enum DurationText {
    private static let units: [(word: String, nanoseconds: Int64)] = [
        ("ms", 1_000_000), ("s", 1_000_000_000), ("sec", 1_000_000_000), ("m", 60_000_000_000),
        ("min", 60_000_000_000), ("h", 3_600_000_000_000), ("hr", 3_600_000_000_000), ("d", 86_400_000_000_000),
        ("us", 1_000),
    ]

    /// Reads a duration.
    ///
    /// - Throws: `TextError` for anything else, for a negative one, and for one of more than 100 years.
    public static func parse(_ text: String) throws(TextError) -> Duration {
        var total: Int64 = 0
        var rest = Substring(text).drop(while: \.isWhitespace)
        guard !rest.isEmpty else { throw error(text) }
        while !rest.isEmpty {
            let number = rest.prefix(while: { $0.isASCII && ($0.isNumber || $0 == ".") })
            rest = rest.dropFirst(number.count).drop(while: \.isWhitespace)
            let word = rest.prefix(while: { $0.isASCII && $0.isLetter })
            rest = rest.dropFirst(word.count).drop(while: \.isWhitespace)
            guard let part = nanoseconds(number: number, unit: word.isEmpty ? "s" : word) else { throw error(text) }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow, sum <= longest else { throw error(text) }
            total = sum
        }
        return .nanoseconds(total)
    }

    /// The shortest text that reads back as `duration` in whole microseconds: `5s`, `1min 30s`, `250ms`.
    public static func text(_ duration: Duration) -> String {
        var rest = nanoseconds(duration)
        if rest == 0 { return "0s" }
        var parts: [String] = []
        for word in ["d", "h", "min", "s", "ms", "us"] {
            guard let unit = units.first(where: { $0.word == word }) else { continue }
            if rest >= unit.nanoseconds {
                parts.append("\(rest / unit.nanoseconds)\(word)")
                rest %= unit.nanoseconds
            }
        }
        return parts.isEmpty ? "0s" : parts.joined(separator: " ")
    }

    /// A duration as whole nanoseconds; what does not fit becomes the longest that does.
    public static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (scaled, tooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return tooLarge || overflow ? (seconds < 0 ? .min : .max) : sum
    }

    private static let longest: Int64 = 100 * 366 * 86_400_000_000_000

    private static func nanoseconds(number: Substring, unit: Substring) -> Int64? {
        guard let scale = units.first(where: { $0.word == unit })?.nanoseconds else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let whole = Int64(first) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return product }
        guard parts[1].count <= 9, let fraction = Int64(parts[1]) else { return nil }
        let divisor = parts[1].reduce(Int64(1)) { value, _ in value * 10 }
        // Dividing first would lose the fraction of a day; nine digits times a day's nanoseconds still fit.
        let (scaled, tooLarge) = fraction.multipliedReportingOverflow(by: scale)
        let (sum, overflowed) = product.addingReportingOverflow(
            tooLarge ? fraction * (scale / divisor) : scaled / divisor)
        return overflowed ? nil : sum
    }

    private static func error(_ text: String) -> TextError {
        TextError(what: "duration", text: text, expected: "a number with a unit, such as 500ms, 5s, 2min or 1h")
    }
}
