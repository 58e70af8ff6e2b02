// SPDX-License-Identifier: Apache-2.0
import CPAM

/// Names a session: twelve letters and digits, none of which can be misread, and so none that a path could not hold.
struct SessionID {
    static let length = 12
    private static let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

    /// One after the other, five bits each, so that an id is a value without memory of its own.
    private let bits: UInt64

    /// A new one of 60 random bits; nil if the kernel has none.
    static func random() -> SessionID? {
        var bits: UInt64 = 0
        // Never waits, not even early in the boot: an id has to be new, not secret.
        guard getrandom(&bits, MemoryLayout<UInt64>.size, UInt32(GRND_INSECURE)) == MemoryLayout<UInt64>.size else {
            return nil
        }
        return SessionID(bits: bits)
    }

    private init(bits: UInt64) {
        self.bits = bits & (1 << 60 &- 1)
    }

    /// Nil if this is no id.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count == Self.length else { return nil }
        var bits: UInt64 = 0
        for index in 0..<Self.length {
            let alphabet = UnsafeBufferPointer(start: Self.alphabet.utf8Start, count: Self.alphabet.utf8CodeUnitCount)
            guard let digit = alphabet.firstIndex(of: text[index]) else { return nil }
            bits |= UInt64(digit) << UInt64(5 &* index)
        }
        self.bits = bits
    }

    /// The character at an index below `length`.
    subscript(index: Int) -> UInt8 {
        Self.alphabet.utf8Start[Int(bits >> UInt64(5 &* index) & 31)]
    }

    static func == (left: SessionID, right: SessionID) -> Bool {
        left.bits == right.bits
    }
}
