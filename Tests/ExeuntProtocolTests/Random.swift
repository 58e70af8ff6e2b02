// SPDX-License-Identifier: Apache-2.0

/// SplitMix64: the same numbers for the same seed.
struct Random {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// Some bytes are changed, dropped, or come twice.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...next(below: 4) where !result.isEmpty {
            let place = next(below: result.count)
            switch next(below: 4) {
            case 0: result[place] = UInt8(next(below: 256))
            case 1: result.remove(at: place)
            case 2: result.insert(contentsOf: result[place...].prefix(8), at: place)
            default: result[place] = Array("{}[]\",:\\0e-\u{0}n".utf8)[next(below: 13)]
            }
        }
        return result
    }
}
