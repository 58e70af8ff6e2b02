// SPDX-License-Identifier: Apache-2.0
import CPAM

/// Bytes in a room of fixed size. What does not fit is dropped, and `isWhole` says so: nothing here traps, since a trap
/// would end the program that somebody logs in by.
struct ByteBuffer: ~Copyable {
    private let base: UnsafeMutablePointer<UInt8>?
    private let capacity: Int
    private(set) var count = 0
    /// False once something did not fit, or if there was no memory.
    private(set) var isWhole: Bool

    init(capacity: Int) {
        base = malloc(capacity)?.assumingMemoryBound(to: UInt8.self)
        self.capacity = base == nil ? 0 : capacity
        isWhole = base != nil
    }

    deinit {
        free(base)
    }

    /// Calls with what is in it. Only like this: a pointer that was handed out could outlive a buffer without a name.
    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeBufferPointer(start: base, count: count))
    }

    /// Calls with the room that is left; what is returned says how many bytes were put there, or that it went wrong.
    mutating func fill(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Int) -> Int {
        let length = body(UnsafeMutableBufferPointer(start: base.map { $0 + count }, count: capacity &- count))
        count = min(count &+ max(length, 0), capacity)
        return length
    }

    /// True if nothing more fits.
    var isFull: Bool {
        count >= capacity
    }

    var last: UInt8? {
        count > 0 ? base?[count &- 1] : nil
    }

    /// Takes the last bytes away.
    mutating func shrink(by length: Int = 1) {
        count = max(count &- length, 0)
    }

    mutating func append(_ byte: UInt8) {
        guard let base, count < capacity else {
            isWhole = false
            return
        }
        base[count] = byte
        count &+= 1
    }

    /// What another buffer holds; this one is not whole if that one is not.
    mutating func append(_ other: borrowing ByteBuffer) {
        other.withBytes { append($0) }
        if !other.isWhole { isWhole = false }
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        for byte in bytes { append(byte) }
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ id: SessionID) {
        for index in 0..<SessionID.length { append(id[index]) }
    }

    mutating func append(_ number: UInt64) {
        if number >= 10 { append(number / 10) }
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10))
    }

    /// Calls with the content as a C string, which is cut if even its end does not fit.
    mutating func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result? {
        guard let base, capacity > 0 else { return nil }
        base[min(count, capacity &- 1)] = 0
        return body(UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self))
    }
}

extension StaticString {
    /// A literal ends with a zero byte.
    var cString: UnsafePointer<CChar> {
        UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// Byte for byte: comparing as `String` would need the tables of Unicode.
    func equals(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count == utf8CodeUnitCount && bytes.dropping(self) != nil
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The bytes of a C string without its end, at most `limit`. A character that the limit falls into is left out.
    init?(_ string: UnsafePointer<CChar>?, limit: Int) {
        guard let string else { return nil }
        let start = UnsafeRawPointer(string).assumingMemoryBound(to: UInt8.self)
        var length = strnlen(string, limit &+ 1)
        if length > limit {
            length = limit
            while length > limit &- 3, start[length] & 0xC0 == 0x80 { length &-= 1 }
        }
        self.init(start: start, count: length)
    }

    /// Without the first `length` bytes, if these are the text's; nil if they are not.
    func dropping(_ text: StaticString) -> UnsafeBufferPointer<UInt8>? {
        let length = text.utf8CodeUnitCount
        guard let base = baseAddress, count >= length, memcmp(base, text.utf8Start, length) == 0 else { return nil }
        return UnsafeBufferPointer(start: base + length, count: count &- length)
    }
}
