// SPDX-License-Identifier: Apache-2.0

/// Room for `PID/leaf`, written without a string: thousands of them are needed in one look at /proc.
struct ProcessPath: ~Copyable {
    private let buffer: UnsafeMutablePointer<CChar>
    private static let capacity = 96

    init() { buffer = .allocate(capacity: Self.capacity) }

    deinit { buffer.deallocate() }

    /// Valid until the next call.
    borrowing func of(_ pid: Int32, _ leaf: StaticString) -> UnsafePointer<CChar> {
        var end = put(pid, at: 0)
        end = put(leaf, at: end)
        buffer[end] = 0
        return UnsafePointer(buffer)
    }

    /// `PID/task/TID/leaf`, valid until the next call.
    borrowing func of(_ pid: Int32, thread: Int32, _ leaf: StaticString) -> UnsafePointer<CChar> {
        var end = put(pid, at: 0)
        end = put("/task/", at: end)
        end = put(thread, at: end)
        end = put(leaf, at: end)
        buffer[end] = 0
        return UnsafePointer(buffer)
    }

    private borrowing func put(_ number: Int32, at start: Int) -> Int {
        var rest = number.magnitude
        var digits = 1
        var limit: UInt32 = 10
        while digits < 10, rest >= limit {
            digits += 1
            limit = limit &* 10
        }
        for index in stride(from: start + digits - 1, through: start, by: -1) {
            buffer[index] = CChar(48 + rest % 10)
            rest /= 10
        }
        return start + digits
    }

    private borrowing func put(_ text: StaticString, at start: Int) -> Int {
        let count = min(text.utf8CodeUnitCount, Self.capacity - start - 1)
        for index in 0..<count { buffer[start + index] = CChar(bitPattern: text.utf8Start[index]) }
        return start + count
    }
}
