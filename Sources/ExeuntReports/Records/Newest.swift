// SPDX-License-Identifier: Apache-2.0

/// The last of many, in their order; without a limit none is held back.
public struct Newest<Element> {
    private let limit: Int?
    private var held: [Element] = []
    private var oldest = 0

    /// - Parameter limit: how many; nil: all.
    public init(_ limit: Int?) { self.limit = limit }

    /// - Returns: the element, where there is no limit and nothing to wait for.
    public mutating func add(_ element: Element) -> Element? {
        guard let limit else { return element }
        if held.count < limit {
            held.append(element)
        } else if limit > 0 {
            held[oldest] = element
            oldest = (oldest + 1) % limit
        }
        return nil
    }

    /// Those that were held back and are among the last.
    public var entries: [Element] { Array(held[oldest...] + held[..<oldest]) }
}
