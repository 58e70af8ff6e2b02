// SPDX-License-Identifier: Apache-2.0

/// Decimal numbers between blanks, read in place.
struct DecimalFields {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position: Int

    init(_ bytes: UnsafeRawBufferPointer, from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    private mutating func skipBlanks() {
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 }

    /// nil at the end, and when the field is no number that fits.
    mutating func next() -> Int64? {
        skipBlanks()
        var isNegative = false
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") {
            isNegative = true
            position += 1
        }
        let start = position
        var value: UInt64 = 0
        while position < bytes.count {
            let digit = bytes[position] &- 48
            guard digit <= 9 else { break }
            // Fields of no interest may be larger than any number here: they only have to be passed.
            value = value &* 10 &+ UInt64(digit)
            position += 1
        }
        guard position > start, position == bytes.count || isBlank(bytes[position]) else { return nil }
        let number = Int64(truncatingIfNeeded: value)
        return isNegative ? 0 &- number : number
    }

    /// A field of one byte.
    mutating func nextLetter() -> UInt8? {
        skipBlanks()
        guard position < bytes.count, position + 1 == bytes.count || isBlank(bytes[position + 1]) else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Positive numbers only, as in lists of pids; what is not a number ends the list.
    mutating func nextPID() -> Int32? {
        while let number = next() {
            if number > 0, number <= Int32.max { return Int32(number) }
        }
        return nil
    }
}
