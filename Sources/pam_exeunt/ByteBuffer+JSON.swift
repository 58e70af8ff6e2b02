// SPDX-License-Identifier: Apache-2.0

extension ByteBuffer {
    /// `"key":"text",`, if there is a text. The last comma is taken back by `endObject`.
    mutating func appendMember(_ key: StaticString, _ text: UnsafeBufferPointer<UInt8>?) {
        guard let text, !text.isEmpty else { return }
        appendKey(key)
        appendString(text)
        append(UInt8(ascii: ","))
    }

    mutating func appendMember(_ key: StaticString, _ number: UInt64) {
        appendKey(key)
        append(number)
        append(UInt8(ascii: ","))
    }

    mutating func appendMember(_ key: StaticString, _ id: SessionID) {
        appendKey(key)
        append(UInt8(ascii: "\""))
        append(id)
        append("\",")
    }

    mutating func appendKey(_ key: StaticString) {
        append(UInt8(ascii: "\""))
        append(key)
        append("\":")
    }

    /// The end of an object whose members each have a comma behind them.
    mutating func endObject() {
        if last == UInt8(ascii: ",") { shrink() }
        append(UInt8(ascii: "}"))
    }

    /// Text of unknown origin as a JSON string: what is no UTF-8 becomes U+FFFD, byte by byte.
    private mutating func appendString(_ text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var index = 0
        while index < text.count {
            let length = text.characterLength(at: index)
            if length == 0 {
                append("\u{FFFD}")
            } else if length == 1 {
                appendEscaped(text[index])
            } else {
                for offset in index..<(index &+ length) { append(text[offset]) }
            }
            index &+= max(length, 1)
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case 0x00..<0x20:
            append("\\u00")
            append(UInt8(ascii: "0") &+ byte >> 4)
            append(Self.hexadecimal(byte & 0xF))
        default:
            append(byte)
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// How many bytes the well-formed character at the index has; 0 if there is none. Table 3-7 of the Unicode standard.
    fileprivate func characterLength(at index: Int) -> Int {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch self[index] {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard count &- index >= length, second.contains(self[index &+ 1]) else { return 0 }
        for offset in (index &+ 2)..<(index &+ length) where self[offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
