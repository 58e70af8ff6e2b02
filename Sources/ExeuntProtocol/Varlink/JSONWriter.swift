// SPDX-License-Identifier: Apache-2.0

/// Writes what comes in thousands, or while somebody waits: an encoder of any type takes ten times as long, and the daemon
/// has one thread.
public struct JSONWriter {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []
    private var isFirst = true

    /// Nothing is written.
    public init() {}

    /// `[…]` of objects.
    public mutating func array<Element>(_ elements: [Element], _ write: (Element, inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "["))
        for element in elements {
            separate()
            object { write(element, &$0) }
        }
        end(UInt8(ascii: "]"))
    }

    /// `{…}`
    public mutating func object(_ members: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "{"))
        members(&self)
        end(UInt8(ascii: "}"))
    }

    /// The name of the member that comes next.
    public mutating func key(_ name: some CodingKey) {
        separate()
        quote(name.stringValue)
        bytes.append(UInt8(ascii: ":"))
    }

    /// A text; a member of no value is left out.
    public mutating func member(_ name: some CodingKey, _ text: String?) {
        guard let text else { return }
        key(name)
        quote(text)
    }

    /// A whole number.
    public mutating func member(_ name: some CodingKey, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        key(name)
        bytes += String(number).utf8
    }

    /// `true` or `false`.
    public mutating func member(_ name: some CodingKey, _ truth: Bool?) {
        guard let truth else { return }
        key(name)
        bytes += (truth ? "true" : "false").utf8
    }

    /// JSON has no number that is infinite or none.
    public mutating func member(_ name: some CodingKey, _ number: Double?) {
        guard let number, number.isFinite else { return }
        key(name)
        bytes += number.description.utf8
    }

    /// Texts.
    public mutating func member(_ name: some CodingKey, _ texts: [String]) {
        key(name)
        begin(UInt8(ascii: "["))
        for text in texts {
            separate()
            quote(text)
        }
        end(UInt8(ascii: "]"))
    }

    /// Whole numbers.
    public mutating func member(_ name: some CodingKey, _ numbers: [some BinaryInteger]?) {
        guard let numbers else { return }
        key(name)
        begin(UInt8(ascii: "["))
        for number in numbers {
            separate()
            bytes += String(number).utf8
        }
        end(UInt8(ascii: "]"))
    }

    private mutating func begin(_ bracket: UInt8) {
        bytes.append(bracket)
        isFirst = true
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        isFirst = false
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += "\\u00".utf8
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
