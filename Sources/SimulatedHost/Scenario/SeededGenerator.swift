// SPDX-License-Identifier: Apache-2.0

/// Numbers that follow from a seed alone, the same on every machine (SplitMix64, Steele et al. 2014).
///
/// The standard library's ranges and shuffles are not used with it: how they consume a generator is nowhere promised.
struct SeededGenerator: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without `limit`, which must be positive.
    mutating func below(_ limit: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(limit)).high) }

    /// A number from `low` to `high`, both possible.
    mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }

    /// Whether something happens that happens in `percent` of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// One of `choices`, which must not be empty.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// Nanoseconds from `low` to `high` in which each order of magnitude is as likely as any other.
    mutating func span(_ low: Int64, _ high: Int64) -> Int64 {
        var octaves = 0
        while octaves < 62, low << octaves < high { octaves += 1 }
        let base = low << below(octaves + 1)
        return min(high, base + Int64(below(Int(base))))
    }

    /// A generator of its own for something that is known by `number`, so that leaving one thing out changes no other.
    func derived(_ number: Int) -> SeededGenerator {
        var child = SeededGenerator(seed: state ^ (UInt64(truncatingIfNeeded: number) &* 0xD6E8_FEB8_6659_FD93))
        return SeededGenerator(seed: child.next())
    }
}
