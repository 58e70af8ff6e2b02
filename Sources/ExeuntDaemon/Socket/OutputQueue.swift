// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Answers that the peer has not taken yet.
struct OutputQueue {
    private var bytes: [UInt8] = []
    private var start = 0

    var isEmpty: Bool { start == bytes.count }
    var count: Int { bytes.count - start }

    mutating func add(_ message: [UInt8]) {
        if isEmpty {
            bytes = message
            start = 0
        } else {
            bytes += message
        }
    }

    /// Sends what can be sent now.
    /// - Returns: whether anything could be.
    mutating func flush(to stream: borrowing StreamSocket) throws(SystemError) -> Bool {
        let before = start
        while !isEmpty {
            let sent = try stream.send(bytes[start...])
            if sent == 0 { break }
            start += sent
        }
        let isProgress = start > before
        if isEmpty {
            // Room for a large answer is not kept.
            bytes = []
            start = 0
        } else if start > bytes.count / 2 {
            bytes.removeFirst(start)
            start = 0
        }
        return isProgress
    }
}
