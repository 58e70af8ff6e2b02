// SPDX-License-Identifier: Apache-2.0

/// Shows bytes that users chose (process names, paths, arguments) without letting them forge a line or a terminal.
public enum Escaping {
    /// The bytes as text: control characters, backslashes and whatever is not UTF-8 become `\\xNN`.
    public static func shown(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        var text = ""
        text.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\") {
                text.unicodeScalars.append(Unicode.Scalar(byte))
                index += 1
            } else if let (scalar, length) = multiByteScalar(in: bytes, at: index) {
                text.unicodeScalars.append(scalar)
                index += length
            } else {
                text += escape(byte)
                index += 1
            }
        }
        return text
    }

    private static func escape(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }

    private static func multiByteScalar(in bytes: [UInt8], at index: Int) -> (Unicode.Scalar, Int)? {
        guard bytes[index] >= 0xC2 else { return nil }
        var decoder = UTF8()
        var iterator = bytes[index...].prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        // C1 controls, line and paragraph separators and the bidirectional overrides can rewrite what a reader sees.
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return nil
        default: return (scalar, UTF8.width(scalar))
        }
    }
}
