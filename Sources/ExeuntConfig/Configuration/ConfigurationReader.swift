// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Reads exeunt.conf and its drop-ins, one after the other, and collects everything that is wrong in them.
public struct ConfigurationReader {
    private var parts = EffectiveConfiguration.Parts()
    /// Where each rule is first mentioned.
    private var rulePlaces: [Place] = []
    private var ruleNumbers: [String: Int] = [:]
    private var files: [String] = []
    private var faults: [ConfigurationFault] = []

    /// What the assignments that follow are about.
    private enum Target {
        case none, unknown, payload, hooks, session, keep, run, daemon
        case sessionClass(Int)
        case rule(Int)
    }

    private init() {}

    /// The configuration that these files make, later ones winning.
    ///
    /// - Throws: everything that is wrong in any of them.
    public static func read(_ files: [ConfigurationFile]) throws(ConfigurationFaults) -> EffectiveConfiguration {
        var reader = ConfigurationReader()
        for file in files { reader.read(file) }
        // What can be said only when all files are read: a drop-in may complete a rule.
        for (rule, place) in zip(reader.parts.rules, reader.rulePlaces) {
            reader.faults += RuleCheck(rule, mentionedAt: place).faults
        }
        if !reader.faults.isEmpty { throw ConfigurationFaults(reader.faults) }
        return EffectiveConfiguration(files: reader.files, reader.parts)
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
        case SettingsTable.run.title: return .run
        case SettingsTable.daemon.title: return .daemon
        default: break
        }
        let words = name.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        let shown = "[\(Escaping.shown(name.utf8))]"
        switch (words.first, words.count) {
        case ("Rule", 2): return .rule(rule(words[1], place))
        case ("Class", 2): return sessionClass(words[1], place)
        case ("Rule", _): fault(place, "\(shown) is no valid rule: expected [Rule NAME], with a name of one word")
        case ("Class", _): fault(place, "\(shown) is no valid class: \(Self.classChoices)")
        default:
            let names = SettingsTable.sections.map(\.name)
            let candidate = Suggestion.nearest(to: name, among: names)
            let right = candidate.map { "did you mean [\($0)]?" } ?? "there are [\(names.joined(separator: "], ["))]"
            fault(place, "unknown section \(shown); \(right)")
        }
        return .unknown
    }

    /// A rule that was there before, in this file or an earlier one, is continued.
    private mutating func rule(_ name: String, _ place: Place) -> Int {
        if let known = ruleNumbers[name] { return known }
        var rule = SessionRule()
        rule.name = name
        parts.rules.append(Assigned(rule))
        rulePlaces.append(place)
        ruleNumbers[name] = parts.rules.count - 1
        return parts.rules.count - 1
    }

    private mutating func sessionClass(_ name: String, _ place: Place) -> Target {
        let classes = SessionClass.ofLogins
        guard let found = classes.first(where: { $0.rawValue == name }) else {
            let nearest = Suggestion.nearest(to: name, among: classes.map(\.rawValue))
            let right = nearest.map { "did you mean [Class \($0)]?" } ?? Self.classChoices
            fault(place, "unknown class in [Class \(Escaping.shown(name.utf8))]; \(right)")
            return .unknown
        }
        if let known = parts.classes.firstIndex(where: { $0.name == found }) { return .sessionClass(known) }
        parts.classes.append((found, Assigned()))
        return .sessionClass(parts.classes.count - 1)
    }

    private static let classChoices =
        "there are " + SessionClass.ofLogins.map { "[Class \($0.rawValue)]" }.joined(separator: ", ")

    private mutating func assign(_ key: String, _ value: String, _ target: Target, _ place: Place) {
        switch target {
        case .unknown: break
        case .none: fault(place, "\(Escaping.shown(key.utf8))= stands before the first [Section]")
        case .payload: faults += parts.payload.take(key, value, SettingsTable.payload, place)
        case .hooks: faults += parts.hooks.take(key, value, SettingsTable.hooks, place)
        case .session: faults += parts.session.take(key, value, SettingsTable.session, place)
        case .sessionClass(let index):
            faults += parts.classes[index].settings.take(key, value, SettingsTable.sessionClass, place)
        case .rule(let index): faults += parts.rules[index].take(key, value, SettingsTable.rule, place)
        case .keep: faults += parts.keep.take(key, value, SettingsTable.keep, place)
        case .run: faults += parts.run.take(key, value, SettingsTable.run, place)
        case .daemon: faults += parts.daemon.take(key, value, SettingsTable.daemon, place)
        }
    }

    private mutating func fault(_ place: Place, _ message: String) {
        faults.append(ConfigurationFault(place, message))
    }
}
