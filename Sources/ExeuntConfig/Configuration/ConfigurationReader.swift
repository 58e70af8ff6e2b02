// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Reads exeunt.conf and its drop-ins, one after the other, and collects everything that is wrong in them.
public struct ConfigurationReader {
    private var payload = Assigned<PayloadSettings>()
    private var hooks = Assigned<HookSettings>()
    private var session = Assigned<SessionSettings>()
    private var rules: [RuleInFile] = []
    private var ruleNumbers: [String: Int] = [:]
    private var keep = Assigned<KeepSettings>()
    private var files: [String] = []
    private var faults: [ConfigurationFault] = []

    /// A rule, and where it is first mentioned.
    private struct RuleInFile {
        var settings: Assigned<ConfiguredRule>
        let place: Place
    }

    /// What the assignments that follow are about.
    private enum Target {
        case none, unknown, payload, hooks, session, keep
        case rule(Int)
    }

    private init() {}

    /// The configuration that these files make, later ones winning.
    ///
    /// - Throws: everything that is wrong in any of them.
    public static func read(_ files: [ConfigurationFile]) throws(ConfigurationFaults) -> EffectiveConfiguration {
        var reader = ConfigurationReader()
        for file in files { reader.read(file) }
        reader.checkRules()
        if !reader.faults.isEmpty { throw ConfigurationFaults(reader.faults) }
        return reader.result
    }

    private mutating func read(_ file: ConfigurationFile) {
        files.append(file.path)
        var target = Target.none
        for statement in Lexer.read(file, hasContinuations: true) {
            switch statement.kind {
            case .section(let name): target = enter(name, statement.place)
            case .assignment(let key, let value): assign(key, value, target, statement.place)
            case .fault(let message): fault(statement.place, message)
            }
        }
    }

    private mutating func enter(_ name: String, _ place: Place) -> Target {
        switch name {
        // The lexer has said what is wrong with it.
        case "": return .unknown
        case SettingsTable.payload.title: return .payload
        case SettingsTable.hooks.title: return .hooks
        case SettingsTable.session.title: return .session
        case SettingsTable.keep.title: return .keep
        default: break
        }
        let words = name.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.first == "Rule" else {
            let names = SettingsTable.sections.map(\.name)
            let candidate = Suggestion.nearest(to: name, among: names)
            let right = candidate.map { "did you mean [\($0)]?" } ?? "there are [\(names.joined(separator: "], ["))]"
            fault(place, "unknown section [\(Escaping.shown(name.utf8))]; \(right)")
            return .unknown
        }
        guard words.count == 2 else {
            fault(
                place, "[\(Escaping.shown(name.utf8))] is no valid rule: expected [Rule NAME], with a name of one word")
            return .unknown
        }
        return .rule(rule(String(words[1]), place))
    }

    /// A rule that was there before, in this file or an earlier one, is continued.
    private mutating func rule(_ name: String, _ place: Place) -> Int {
        if let known = ruleNumbers[name] { return known }
        var rule = ConfiguredRule()
        rule.name = name
        rules.append(RuleInFile(settings: Assigned(rule), place: place))
        ruleNumbers[name] = rules.count - 1
        return rules.count - 1
    }

    private mutating func assign(_ key: String, _ value: String, _ target: Target, _ place: Place) {
        switch target {
        case .unknown: break
        case .none: fault(place, "\(Escaping.shown(key.utf8))= stands before the first [Section]")
        case .payload: faults += payload.take(key, value, SettingsTable.payload, place)
        case .hooks: faults += hooks.take(key, value, SettingsTable.hooks, place)
        case .session: faults += session.take(key, value, SettingsTable.session, place)
        case .keep: faults += keep.take(key, value, SettingsTable.keep, place)
        case .rule(let index): faults += rules[index].settings.take(key, value, SettingsTable.rule, place)
        }
    }

    /// What can be said only when all files are read: a drop-in may complete a rule.
    private mutating func checkRules() {
        for rule in rules {
            let name = "[Rule \(Escaping.shown(rule.settings.root.name.utf8))]"
            let origins = rule.settings.origins
            if origins["Action"] == nil {
                fault(rule.place, "\(name) has no action: expected Action=end, Action=keep or Action=report")
            } else if let place = origins["For"]?.first, rule.settings.root.lease != nil,
                rule.settings.root.action != .keep
            {
                fault(place, "For= of \(name) has no meaning: expected Action=keep beside it")
            }
        }
    }

    private mutating func fault(_ place: Place, _ message: String) {
        faults.append(ConfigurationFault(place, message))
    }

    private var result: EffectiveConfiguration {
        EffectiveConfiguration(
            files: files, payload: payload, hooks: hooks, session: session, rules: rules.map(\.settings), keep: keep)
    }
}
