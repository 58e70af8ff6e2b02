// SPDX-License-Identifier: Apache-2.0

/// A section of a configuration file with its rows of the table.
struct Section<Root: Settings>: Sendable {
    /// As the documents write it.
    let title: String
    let sentence: String
    let settings: [Setting<Root>]

    func setting(_ key: String) -> Setting<Root>? { settings.first { $0.key == key } }
}
