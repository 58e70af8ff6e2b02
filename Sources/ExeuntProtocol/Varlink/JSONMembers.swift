// SPDX-License-Identifier: Apache-2.0

/// Finds where the members of a JSON object stand in its text. Total: it ends on any bytes, without recursion.
struct JSONMembers {
    private let text: [UInt8]

    /// - Parameter text: an object that a decoder has found valid.
    init(_ text: [UInt8]) { self.text = text }

    /// The text of the value of a key that is written without escapes; nil when there is none.
    func value(of key: String) -> ArraySlice<UInt8>? {
        let wanted = Array(key.utf8)
        var place = skipSpace(0)
        guard byte(place) == UInt8(ascii: "{") else { return nil }
        place = skipSpace(place + 1)
        while byte(place) == UInt8(ascii: "\"") {
            let name = place + 1
            place = skipString(place)
            let isWanted = place - 1 >= name && text[name..<(place - 1)].elementsEqual(wanted)
            place = skipSpace(place)
            guard byte(place) == UInt8(ascii: ":") else { return nil }
            let value = skipSpace(place + 1)
            place = skipValue(value)
            if isWanted { return text[value..<place] }
            place = skipSpace(place)
            guard byte(place) == UInt8(ascii: ",") else { return nil }
            place = skipSpace(place + 1)
        }
        return nil
    }

    private func byte(_ place: Int) -> UInt8? { place < text.count ? text[place] : nil }

    private func skipSpace(_ from: Int) -> Int {
        var place = from
        while let next = byte(place), next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D { place += 1 }
        return place
    }

    /// - Returns: the place behind the closing quote.
    private func skipString(_ from: Int) -> Int {
        var place = from + 1
        while let next = byte(place) {
            if next == UInt8(ascii: "\"") { return place + 1 }
            place += next == UInt8(ascii: "\\") ? 2 : 1
        }
        return text.count
    }

    /// - Returns: the place behind the value; always behind `from`, or the end.
    private func skipValue(_ from: Int) -> Int {
        var place = from
        var depth = 0
        while let next = byte(place) {
            switch next {
            case UInt8(ascii: "\""):
                place = skipString(place)
                if depth == 0 { return place }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return place }
                depth -= 1
                if depth == 0 { return place + 1 }
            case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return place }
            default:
                break
            }
            place += 1
        }
        return text.count
    }
}
