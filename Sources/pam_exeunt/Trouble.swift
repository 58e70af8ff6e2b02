// SPDX-License-Identifier: Apache-2.0
import CPAM

/// Why something could not be done: what it was, and the errno of it, if it has one. Never holds what others have sent.
struct Trouble: Error {
    let operation: StaticString
    let number: Int32

    init(_ operation: StaticString, _ number: Int32 = 0) {
        self.operation = operation
        self.number = number
    }

    /// With the errno of the call that has just failed.
    static func now(_ operation: StaticString) -> Trouble {
        Trouble(operation, exeunt_errno())
    }
}

extension ByteBuffer {
    /// `connect to /run/exeunt/io.exeunt: connection refused [ECONNREFUSED]`
    mutating func append(_ trouble: Trouble) {
        append(trouble.operation)
        guard trouble.number != 0, let name = UnsafeBufferPointer(strerrorname_np(trouble.number), limit: 32),
            let description = UnsafeBufferPointer(strerrordesc_np(trouble.number), limit: 80),
            let first = description.first
        else { return }
        append(": ")
        // Its first letter is small unless it is an abbreviation's.
        append(description.count > 1 && description[1] >= UInt8(ascii: "a") ? first | 0x20 : first)
        append(UnsafeBufferPointer(rebasing: description.dropFirst()))
        append(" [")
        append(name)
        append(UInt8(ascii: "]"))
    }
}
