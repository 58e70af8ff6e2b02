// SPDX-License-Identifier: Apache-2.0

/// A line that means something, or should, after continuation lines were joined.
struct Statement: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case section(String)
        case assignment(key: String, value: String)
        /// A line that is neither: what is wrong with it.
        case fault(String)
    }

    let kind: Kind
    /// For a line with continuations, where it begins.
    let place: Place
}
