// SPDX-License-Identifier: Apache-2.0

/// Input that follows from a seed alone.
struct Mutation {
    /// SplitMix64.
    private struct Numbers {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)).multipliedFullWidth(by: UInt64(limit)).high)
        }
    }

    private static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", "\"", "\\", ":", ",", "null", "true", "-", "1e999", "99999999999999999999", "(", ")",
            " ", "=",
            "\n", "#", "KILL", "@", "..", "/", "é", "\u{301}", "\u{202E}", "\\u0000", "\\ud800", "infinity",
        ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0x1B], [0xF4, 0x90, 0x80, 0x80]]

    let input: [UInt8]

    init(of samples: [[UInt8]], seed: UInt64) {
        var numbers = Numbers(state: seed)
        var bytes = samples[numbers.below(samples.count)]
        if numbers.below(20) == 0 { bytes = (0..<numbers.below(200)).map { _ in UInt8(numbers.below(256)) } }
        for _ in 0...numbers.below(6) {
            let place = numbers.below(bytes.count + 1)
            let end = min(bytes.count, place + numbers.below(20))
            switch numbers.below(6) {
            case 0 where place < bytes.count: bytes[place] = UInt8(numbers.below(256))
            case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(numbers.below(8))
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: Array(bytes[place..<end]), at: numbers.below(bytes.count + 1))
            case 4: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: Self.pieces[numbers.below(Self.pieces.count)], at: place)
            }
        }
        input = bytes
    }
}
