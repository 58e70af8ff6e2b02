// SPDX-License-Identifier: Apache-2.0

/// A section of the configuration as its documents show it.
public struct SectionDescription: Sendable {
    /// As it is written between brackets; a section that has many is `Rule NAME`.
    public let name: String
    /// What it is about.
    public let sentence: String
    /// Its keys in the order of the table.
    public let settings: [SettingDescription]

    init<Root>(_ section: Section<Root>) {
        name = section.title
        sentence = section.sentence
        settings = section.settings.map { setting in
            SettingDescription(
                key: setting.key, accepts: setting.accepts, sentence: setting.sentence, isList: setting.isList,
                standard: setting.text(Root()))
        }
    }
}

/// A setting as the documents show it.
public struct SettingDescription: Sendable {
    /// What stands before the `=`.
    public let key: String
    /// What may stand behind it.
    public let accepts: String
    /// What it is for.
    public let sentence: String
    /// Whether repeated assignments add up.
    public let isList: Bool
    /// The default, as it would be written; empty for an empty list, and for nothing at all.
    public let standard: String
}
