// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// The configuration in force as JSON, version 1: exeunt-config(1).
public struct ConfigurationDocument: Encodable, Sendable {
    private let version = 1
    private let files: [String]
    private let sections: [Section]

    /// A section with its settings.
    public struct Section: Encodable, Sendable {
        private let name: String
        private let settings: [Setting]

        /// A section of these settings.
        public init(name: String, settings: [Setting]) {
            self.name = name
            self.settings = settings
        }
    }

    /// A setting with where it was set.
    public struct Setting: Encodable, Sendable {
        private let key: String
        private let value: String
        private let isDefault: Bool
        private let origins: [Origin]

        /// Without origins it is the default.
        public init(key: String, value: String, origins: [Origin]) {
            self.key = key
            self.value = value
            self.origins = origins
            isDefault = origins.isEmpty
        }

        private enum CodingKeys: String, CodingKey {
            case key, value, origins
            case isDefault = "default"
        }
    }

    /// A place that has set a value, or added to it.
    public struct Origin: Encodable, Sendable {
        private let file: String
        private let line: Int

        /// This line of this file.
        public init(file: String, line: Int) {
            self.file = file
            self.line = line
        }
    }

    /// `files` in the order in which they count.
    public init(files: [String], sections: [Section]) {
        self.files = files
        self.sections = sections
    }

    /// The document as one line of JSON without a line feed, its keys in a fixed order.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
