// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Where configuration files come from: the kernel, or a test.
public protocol ConfigurationSource {
    /// The names in a directory, in any order; nil if there is no such directory.
    ///
    /// - Throws: why it cannot be listed, or must not be believed.
    func names(in directory: String) throws(ConfigurationRefusal) -> [String]?

    /// A file.
    ///
    /// - Throws: why it cannot be read, or must not be believed.
    func read(_ path: String) throws(ConfigurationRefusal) -> ConfigurationContent
}

/// What stands at a path where a configuration file may be.
public enum ConfigurationContent: Hashable, Sendable {
    /// A file of these bytes.
    case bytes([UInt8])
    /// A symbolic link to /dev/null: the administrator wants no file of this name.
    case masked
    /// Nothing.
    case absent
}

/// Why a file was not read.
public struct ConfigurationRefusal: Error, Hashable, Sendable {
    /// Which file it is, and the reason: one line.
    public let reason: String

    /// For this reason; what a path in it may hold is escaped here.
    public init(_ reason: String) { self.reason = Escaping.shown(reason.utf8) }
}
