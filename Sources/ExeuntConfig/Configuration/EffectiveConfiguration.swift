// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// A configuration that is in force, with where everything in it comes from.
public struct EffectiveConfiguration: Sendable {
    /// The values.
    public let values: Configuration
    /// The files that were read, in the order in which they count: later ones win.
    public let files: [String]
    private var parts: Parts

    /// The sections with their origins.
    struct Parts: Sendable {
        var payload = Assigned<PayloadSettings>()
        var hooks = Assigned<HookSettings>()
        var session = Assigned<SessionSettings>()
        /// In the order in which they are first mentioned.
        var classes: [(name: SessionClass, settings: Assigned<ClassPolicy>)] = []
        var rules: [Assigned<SessionRule>] = []
        var keep = Assigned<KeepPolicy>()
        var run = Assigned<RunPolicy>()
        var daemon = Assigned<DaemonSettings>()

        var values: Configuration {
            var values = Configuration()
            values.payload = payload.root
            values.hooks = hooks.root
            values.session = session.root
            for (name, settings) in classes { values.classes[name] = settings.root }
            values.rules = rules.map(\.root)
            values.keep = keep.root
            values.run = run.root
            values.daemon = daemon.root
            return values
        }
    }

    init(files: [String], _ parts: Parts) {
        self.files = files
        self.parts = parts
        values = parts.values
    }

    /// The same with what logind's configuration says beneath it: that holds where no file of Exeunt's says anything,
    /// unless `UseLogindConf=no`.
    public func over(_ logind: LogindConfiguration) -> EffectiveConfiguration {
        guard values.session.usesLogindConf else { return self }
        var parts = parts
        parts.session.lay(over: logind)
        return EffectiveConfiguration(files: files, parts)
    }

    /// What only the host can find wrong with a value, at the place where that was set.
    ///
    /// - Parameters:
    ///   - section: what stands between the brackets.
    ///   - key: what stands before the `=`.
    ///   - message: what is wrong, and what would be right.
    public func fault(in section: String, _ key: String, _ message: String) -> ConfigurationFault {
        let setting = sections.first { $0.name == section }?.settings.first { $0.key == key }
        guard let place = setting?.origins.last else {
            return ConfigurationFault(ConfigurationRefusal("[\(section)] \(key)=: \(message)"))
        }
        return ConfigurationFault(place, message)
    }

    /// All settings as text, in the order of the table. Made when asked for: a run needs the values only.
    public var sections: [EffectiveSection] {
        [
            parts.payload.effective(SettingsTable.payload.title, SettingsTable.payload),
            parts.hooks.effective(SettingsTable.hooks.title, SettingsTable.hooks),
            parts.session.effective(SettingsTable.session.title, SettingsTable.session),
        ] + parts.classes.map { $0.settings.effective("Class \($0.name.rawValue)", SettingsTable.sessionClass) }
            + parts.rules.map { $0.effective("Rule \($0.root.name)", SettingsTable.rule) }
            + [
                parts.keep.effective(SettingsTable.keep.title, SettingsTable.keep),
                parts.run.effective(SettingsTable.run.title, SettingsTable.run),
                parts.daemon.effective(SettingsTable.daemon.title, SettingsTable.daemon),
            ]
    }
}
