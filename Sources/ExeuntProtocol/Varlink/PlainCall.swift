// SPDX-License-Identifier: Apache-2.0

/// A call as those of the PAM module are: all its values are texts without escapes, whole numbers, true, false or null.
///
/// Reads it in a tenth of the time that a decoder of any type takes, while somebody waits for the log-in. It is nil for
/// everything else, right or wrong, and then the decoder says what it is.
struct PlainCall {
    typealias Value = PlainValue

    /// What stands beside the parameters.
    private(set) var head: [String: Value] = [:]
    private(set) var parameters: [String: Value] = [:]
    private let bytes: [UInt8]
    private var place = 0

    init?(_ message: [UInt8]) {
        bytes = message
        guard readMembers(isInside: false), skipSpace() == nil else { return nil }
    }

    private mutating func readMembers(isInside: Bool) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        if take(UInt8(ascii: "}")) { return true }
        var hasParameters = false
        repeat {
            guard let key = readText(), take(UInt8(ascii: ":")) else { return false }
            if !isInside, key == "parameters" {
                let isRead = skipSpace() == UInt8(ascii: "{") ? readMembers(isInside: true) : readValue() == .null
                guard isRead, !hasParameters else { return false }
                hasParameters = true
                continue
            }
            guard let value = readValue() else { return false }
            // Which of two counts is the decoder's to say.
            let earlier =
                isInside ? parameters.updateValue(value, forKey: key) : head.updateValue(value, forKey: key)
            if earlier != nil { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func readValue() -> Value? {
        guard let first = skipSpace() else { return nil }
        switch first {
        case UInt8(ascii: "\""): return readText().map(Value.text)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return readNumber()
        case UInt8(ascii: "t"): return take(word: "true") ? .truth(true) : nil
        case UInt8(ascii: "f"): return take(word: "false") ? .truth(false) : nil
        case UInt8(ascii: "n"): return take(word: "null") ? .null : nil
        default: return nil
        }
    }

    private mutating func readText() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            if bytes[place] < 0x20 || bytes[place] == UInt8(ascii: "\\") { return nil }
            place += 1
        }
        guard place < bytes.count else { return nil }
        place += 1
        return String(validating: bytes[start..<(place - 1)], as: UTF8.self)
    }

    private mutating func readNumber() -> Value? {
        let start = place
        var number: Int64 = 0
        while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
            number = number &* 10 &+ Int64(bytes[place] &- UInt8(ascii: "0"))
            place += 1
        }
        let length = place - start
        // What goes on is no whole number, and a zero at the start is none at all.
        let goesOn =
            place < bytes.count && [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[place])
        return length > 15 || goesOn || length > 1 && bytes[start] == UInt8(ascii: "0") ? nil : .number(number)
    }

    /// The next byte that is no space; nil at the end.
    private mutating func skipSpace() -> UInt8? {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return bytes[place]
            }
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard skipSpace() == byte else { return false }
        place += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let end = place + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let isThere = word.withUTF8Buffer { $0.elementsEqual(bytes[place..<end]) }
        place = end
        return isThere
    }
}

/// A value of a plain call.
public enum PlainValue: Hashable, Sendable {
    /// Without escapes.
    case text(String)
    /// Whole, and not negative.
    case number(Int64)
    /// `true` or `false`.
    case truth(Bool)
    /// As if it were not there.
    case null
}

extension [String: PlainValue] {
    /// Whether it has no other members than these.
    func isKnown(_ keys: some Sequence<some CodingKey>) -> Bool {
        let found = keys.count { self[$0.stringValue] != nil }
        return found == count
    }

    /// The text of this name; nil for none. Sets the flag where it is of another kind.
    func text(_ name: some CodingKey, orElse isOther: inout Bool) -> String? {
        switch self[name.stringValue] {
        case .text(let text): return text
        case nil, .null: return nil
        default:
            isOther = true
            return nil
        }
    }

    /// The number of this name, likewise.
    func number(_ name: some CodingKey, orElse isOther: inout Bool) -> Int64? {
        switch self[name.stringValue] {
        case .number(let number): return number
        case nil, .null: return nil
        default:
            isOther = true
            return nil
        }
    }
}
