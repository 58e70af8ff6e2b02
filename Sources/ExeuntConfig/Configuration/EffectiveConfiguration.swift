// SPDX-License-Identifier: Apache-2.0

/// A configuration that is in force, with where everything in it comes from.
public struct EffectiveConfiguration: Sendable {
    /// The values.
    public let values: Configuration
    /// The files that were read, in the order in which they count: later ones win.
    public let files: [String]
    private let payload: Assigned<PayloadSettings>
    private let hooks: Assigned<HookSettings>
    private let session: Assigned<SessionSettings>
    private let rules: [Assigned<ConfiguredRule>]
    private let keep: Assigned<KeepSettings>

    init(
        files: [String], payload: Assigned<PayloadSettings>, hooks: Assigned<HookSettings>,
        session: Assigned<SessionSettings>, rules: [Assigned<ConfiguredRule>], keep: Assigned<KeepSettings>
    ) {
        self.files = files
        self.payload = payload
        self.hooks = hooks
        self.session = session
        self.rules = rules
        self.keep = keep
        var values = Configuration()
        values.payload = payload.root
        values.hooks = hooks.root
        values.session = session.root
        values.rules = rules.map(\.root)
        values.keep = keep.root
        self.values = values
    }

    /// All settings as text, in the order of the table. Made when asked for: a run needs the values only.
    public var sections: [EffectiveSection] {
        [
            payload.effective(SettingsTable.payload.title, SettingsTable.payload),
            hooks.effective(SettingsTable.hooks.title, SettingsTable.hooks),
            session.effective(SettingsTable.session.title, SettingsTable.session),
        ] + rules.map { $0.effective("Rule \($0.root.name)", SettingsTable.rule) }
            + [keep.effective(SettingsTable.keep.title, SettingsTable.keep)]
    }
}
