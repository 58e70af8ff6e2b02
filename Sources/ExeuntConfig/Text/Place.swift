// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Where something is written: a file, and the line in it.
public struct Place: Hashable, Sendable, CustomStringConvertible {
    /// The path by which the file was read.
    public let file: String
    /// From 1; 0 is the file as a whole.
    public let line: Int

    /// This line of this file.
    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `FILE:LINE`, or the file alone.
    public var description: String { Escaping.shown(file.utf8) + (line > 0 ? ":\(line)" : "") }
}
