// SPDX-License-Identifier: Apache-2.0
import CPAM

/// Walks over JSON without building anything from it. Each function returns false, and the walk is over, where the text
/// is not what it takes.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0
    private static let deepest = 16

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// True if nothing but blanks is left.
    mutating func isAtEnd() -> Bool {
        next() == nil
    }

    /// Takes an object; `member` is called at the value of each key and takes it.
    mutating func object(_ member: (inout JSONReader, UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        guard begins(with: "{") else { return false }
        if take("}") { return ends() }
        while true {
            guard let key = string(), take(":"), member(&self, key) else { return false }
            if take("}") { return ends() }
            guard take(",") else { return false }
        }
    }

    /// Takes a string: what is between its quotes, with escapes as they are written.
    mutating func string() -> UnsafeBufferPointer<UInt8>? {
        guard take("\"") else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position &+= 1
                return UnsafeBufferPointer(rebasing: bytes[start..<(position &- 1)])
            case UInt8(ascii: "\\"): position &+= 2
            case 0x00..<0x20: return nil
            default: position &+= 1
            }
        }
        return nil
    }

    /// Takes `true` or `false`.
    mutating func boolean() -> Bool? {
        if take("true") { return true }
        return take("false") ? false : nil
    }

    /// Takes any value.
    mutating func skip() -> Bool {
        switch next() {
        case UInt8(ascii: "{"): object { reader, _ in reader.skip() }
        case UInt8(ascii: "["): array()
        case UInt8(ascii: "\""): string() != nil
        case UInt8(ascii: "t"), UInt8(ascii: "f"): boolean() != nil
        case UInt8(ascii: "n"): take("null")
        default: number()
        }
    }

    private mutating func array() -> Bool {
        guard begins(with: "[") else { return false }
        if take("]") { return ends() }
        while true {
            guard skip() else { return false }
            if take("]") { return ends() }
            guard take(",") else { return false }
        }
    }

    private mutating func number() -> Bool {
        let start = position
        while position < bytes.count, Self.isOfNumber(bytes[position]) { position &+= 1 }
        return position > start
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"),
            UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// The caller's stack is not ours to fill.
    private mutating func begins(with bracket: StaticString) -> Bool {
        depth &+= 1
        return depth <= Self.deepest && take(bracket)
    }

    private mutating func ends() -> Bool {
        depth &-= 1
        return true
    }

    /// The next byte that is no blank.
    private mutating func next() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position &+= 1
            default: return bytes[position]
            }
        }
        return nil
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard next() != nil, bytes.count &- position >= length, let base = bytes.baseAddress,
            memcmp(base + position, text.utf8Start, length) == 0
        else { return false }
        position &+= length
        return true
    }
}
