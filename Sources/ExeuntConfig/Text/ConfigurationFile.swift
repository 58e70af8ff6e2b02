// SPDX-License-Identifier: Apache-2.0

/// A configuration file as it was read: its path and its bytes.
public struct ConfigurationFile: Hashable, Sendable {
    /// The path by which it was read.
    public let path: String
    /// All of it.
    public let bytes: [UInt8]

    /// A file of these bytes.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}
