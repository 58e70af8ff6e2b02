// SPDX-License-Identifier: Apache-2.0

/// Cuts a stream of bytes into messages, each of which ends with a NUL byte. Takes any bytes; what they mean is not
/// looked at.
public struct FrameSplitter: Sendable {
    /// A message is longer than it may be; nothing after it can be told apart from it.
    public struct TooLong: Error, Hashable, Sendable {
        /// How long a message may be, in bytes, the NUL not counted.
        public let limit: Int
    }

    private let limit: Int
    private var bytes: [UInt8] = []
    /// Where the first message not taken yet begins.
    private var start = 0
    /// Up to where no NUL was found: what comes in small pieces is not searched again and again.
    private var searched = 0
    private var end: Int?

    /// - Parameter limit: how long a message may be, in bytes, the NUL not counted.
    public init(limit: Int) { self.limit = limit }

    /// Whether a message can be taken.
    public var hasFrame: Bool { end != nil }

    /// Whether there is the beginning of a message, the end of which is still to come.
    public var hasBegun: Bool { end == nil && start < bytes.count }

    /// Adds what has arrived.
    /// - Throws: when the first message not taken yet is longer than it may be.
    public mutating func add(_ arrived: some Collection<UInt8>) throws(TooLong) {
        bytes += arrived
        try search()
    }

    /// The next whole message, without its NUL; nil when there is none.
    /// - Throws: when the message after it is longer than it may be.
    public mutating func take() throws(TooLong) -> [UInt8]? {
        guard let end else { return nil }
        let frame = Array(bytes[start..<end])
        start = end + 1
        searched = start
        self.end = nil
        // What was taken is dropped once it is the greater part, so that each byte is moved once at most on average.
        if start * 2 >= bytes.count {
            bytes.removeFirst(start)
            searched -= start
            start = 0
        }
        try search()
        return frame
    }

    private mutating func search() throws(TooLong) {
        if end == nil {
            end = bytes[searched...].firstIndex(of: 0)
            searched = end ?? bytes.count
        }
        if searched - start > limit { throw TooLong(limit: limit) }
    }
}
