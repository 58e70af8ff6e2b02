// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A file of variables: `NAME=VALUE` on each line, taken as it stands. No quoting, no expansion, no `export`; empty
/// lines and those that begin with `#` are passed over.
public enum EnvironmentFile {
    /// A line that is no assignment.
    public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// The first line is 1.
        public let line: Int
        /// What stands there.
        public let text: [UInt8]

        /// One line for the user, to follow the file's name.
        public var description: String {
            "\(line): '\(Escaping.shown(text))' is not a variable: expected NAME=VALUE, a NAME of letters, digits and _"
        }
    }

    /// The assignments in their order. Where a name stands twice the last one counts.
    public static func parse(_ bytes: [UInt8]) throws(Fault) -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            let name = line.prefix { $0 != UInt8(ascii: "=") }
            guard name.count < line.count, isName(name), !line.contains(0) else {
                throw Fault(line: number, text: Array(line))
            }
            entries.append(Array(line))
        }
        return entries
    }

    /// Whether a shell would take it as a variable's name.
    public static func isName(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, !isDigit(first) else { return false }
        return name.allSatisfy { byte in
            let letter = byte | 0x20
            return isDigit(byte) || byte == UInt8(ascii: "_")
                || letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
