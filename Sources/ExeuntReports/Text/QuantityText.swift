// SPDX-License-Identifier: Apache-2.0

/// Quantities as people read them: short, and no more exact than anybody cares for.
public enum QuantityText {
    private static let units: [(word: String, seconds: Int64)] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)]

    /// The two greatest units: `2d 3h`, `5min 12s`, `7s`.
    public static func age(_ seconds: Double) -> String {
        let whole = clamped(seconds)
        guard let first = units.firstIndex(where: { whole >= $0.seconds }) else { return "0s" }
        let head = "\(whole / units[first].seconds)\(units[first].word)"
        guard first + 1 < units.count else { return head }
        let next = units[first + 1]
        let rest = whole % units[first].seconds / next.seconds
        return rest == 0 ? head : "\(head) \(rest)\(next.word)"
    }

    /// Of a processor: `0.25s` below a minute, then as an age.
    public static func processorTime(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 60 else { return age(seconds) }
        let hundredths = Int64((max(0, seconds) * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)s"
    }

    /// `512`, `4.0K`, `12M`: with one digit behind the point where there is one before it.
    public static func memory(_ bytes: UInt64) -> String {
        if bytes < 1024 { return "\(bytes)" }
        var unit = 0
        var value = Double(bytes) / 1024
        let words = ["K", "M", "G", "T", "P", "E"]
        while value >= 1023.5, unit + 1 < words.count {
            value /= 1024
            unit += 1
        }
        let tenths = Int64((value * 10).rounded())
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10)\(words[unit])" : "\(Int64(value.rounded()))\(words[unit])"
    }

    private static func clamped(_ seconds: Double) -> Int64 {
        guard seconds.isFinite, seconds > 0 else { return 0 }
        return Int64(min(seconds, 1e15))
    }
}
