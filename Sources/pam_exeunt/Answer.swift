// SPDX-License-Identifier: Apache-2.0

/// What exeuntd has answered.
struct Answer {
    private(set) var session: SessionID?
    private(set) var nested: Bool?
    private(set) var empty: Bool?
    /// The session that was to be closed is none of the daemon's.
    private(set) var isNoSuchSession = false

    /// Throws what is wrong with an answer that cannot be understood, or its error, unless it is `NoSuchSession`.
    init(_ text: borrowing ByteBuffer) throws(Trouble) {
        self = try text.withBytes { bytes throws(Trouble) in try Answer(bytes) }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Trouble) {
        var reader = JSONReader(bytes)
        var read = Answer()
        var trouble: Trouble?
        let understood = reader.object { reader, key in
            if ("error" as StaticString).equals(key) {
                guard let name = reader.string() else { return false }
                read.isNoSuchSession = ("io.exeunt.Sessions.NoSuchSession" as StaticString).equals(name)
                if !read.isNoSuchSession { trouble = Self.trouble(name) }
                return true
            }
            return ("parameters" as StaticString).equals(key) ? read.parameters(&reader) : reader.skip()
        }
        guard understood, reader.isAtEnd() else { throw Trouble("the answer of exeuntd cannot be understood") }
        if let trouble { throw trouble }
        self = read
    }

    private init() {}

    /// Keys that are not known are passed over, and so is what is no value of its kind: `null` may stand for nothing.
    private mutating func parameters(_ reader: inout JSONReader) -> Bool {
        reader.object { reader, key in
            var attempt = reader
            if ("session" as StaticString).equals(key), let text = attempt.string() {
                session = SessionID(text)
            } else if ("nested" as StaticString).equals(key), let value = attempt.boolean() {
                nested = value
            } else if ("empty" as StaticString).equals(key), let value = attempt.boolean() {
                empty = value
            } else {
                return reader.skip()
            }
            reader = attempt
            return true
        }
    }

    /// The errors of the interface by name; why it was is in the daemon's own log.
    private static func trouble(_ name: UnsafeBufferPointer<UInt8>) -> Trouble {
        guard let word = name.dropping("io.exeunt.Sessions.") else {
            return Trouble("exeuntd has answered with an error")
        }
        if ("Busy" as StaticString).equals(word) { return Trouble("exeuntd has answered Busy") }
        if ("Failed" as StaticString).equals(word) { return Trouble("exeuntd has answered Failed") }
        if ("NotPermitted" as StaticString).equals(word) { return Trouble("exeuntd has answered NotPermitted") }
        if ("TimedOut" as StaticString).equals(word) { return Trouble("exeuntd has answered TimedOut") }
        return Trouble("exeuntd has answered with an error")
    }
}
