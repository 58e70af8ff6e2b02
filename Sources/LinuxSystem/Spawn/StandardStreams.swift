// SPDX-License-Identifier: Apache-2.0

/// What a child has as its descriptors 0, 1 and 2; nil: what its parent has. One of them may stand for several.
public struct StandardStreams: Hashable, Sendable {
    /// Becomes 0.
    public var input: CInt?
    /// Becomes 1.
    public var output: CInt?
    /// Becomes 2, after 0 and 1 have been made.
    public var error: CInt?

    /// Streams from descriptors of the parent's, which stay the parent's.
    public init(input: CInt? = nil, output: CInt? = nil, error: CInt? = nil) {
        self.input = input
        self.output = output
        self.error = error
    }
}
