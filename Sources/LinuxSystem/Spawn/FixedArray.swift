// SPDX-License-Identifier: Apache-2.0

/// Values in memory that stays where it is, for C to point to.
struct FixedArray<Element: BitwiseCopyable>: ~Copyable {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        // One more than needed: what is empty has an address too.
        pointer = .allocate(capacity: count + 1)
        for (index, element) in elements.enumerated() { (pointer + index).initialize(to: element) }
    }

    deinit { pointer.deallocate() }
}
