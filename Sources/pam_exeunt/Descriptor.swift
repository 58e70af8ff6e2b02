// SPDX-License-Identifier: Apache-2.0
import CPAM

/// Closed when it goes out of scope, on whatever way: the caller may live for years.
struct Descriptor: ~Copyable {
    let number: Int32

    /// Takes over what a call has returned, or throws its error.
    init(_ number: Int32, _ operation: StaticString) throws(Trouble) {
        guard number >= 0 else { throw .now(operation) }
        self.number = number
    }

    deinit {
        close(number)
    }
}

/// Calls again as long as a signal of the caller's gets between.
func uninterrupted(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || exeunt_errno() != EINTR { return result }
    }
}
