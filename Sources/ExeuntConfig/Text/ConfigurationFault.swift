// SPDX-License-Identifier: Apache-2.0

/// What is wrong in a configuration file, or worth a word, and where.
public struct ConfigurationFault: Hashable, Sendable, CustomStringConvertible {
    /// Where it is; nil if the message says so itself.
    public let place: Place?
    /// What it is, and what would be right.
    public let message: String

    /// A fault at this place.
    init(_ place: Place, _ message: String) {
        self.place = place
        self.message = message
    }

    /// A file that was not read at all.
    public init(_ refusal: ConfigurationRefusal) {
        place = nil
        message = refusal.reason
    }

    /// `FILE:LINE: MESSAGE`, one line.
    public var description: String { (place.map { "\($0): " } ?? "") + message }
}

/// Everything that is wrong with a configuration: never empty.
public struct ConfigurationFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the order in which they were found.
    public let all: [ConfigurationFault]

    /// These faults.
    public init(_ all: [ConfigurationFault]) { self.all = all }

    /// A line for each.
    public var description: String { all.map(\.description).joined(separator: "\n") }
}
