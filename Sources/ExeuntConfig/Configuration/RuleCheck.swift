// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What can be wrong with a rule whose settings are all right by themselves.
struct RuleCheck {
    private let rule: SessionRule
    private let origins: [String: [Place]]
    private let place: Place

    init(_ rule: Assigned<SessionRule>, mentionedAt place: Place) {
        self.rule = rule.root
        origins = rule.origins
        self.place = place
    }

    private var name: String { "[Rule \(Escaping.shown(rule.name.utf8))]" }

    var faults: [ConfigurationFault] {
        var faults: [ConfigurationFault] = []
        if origins["Action"] == nil, !rule.changesSessions {
            faults.append(
                ConfigurationFault(
                    place, "\(name) has no action: expected Action=end, Action=keep or Action=report"))
        } else if let place = origins["For"]?.first, rule.lasting != nil, rule.action != .keep {
            faults.append(
                ConfigurationFault(place, "For= of \(name) has no meaning: expected Action=keep beside it"))
        }
        return faults + (rule.isAboutSessions ? [] : misplaced)
    }

    /// What holds for all processes of a session cannot depend on what one of them is.
    private var misplaced: [ConfigurationFault] {
        let condition = rule.executables.isEmpty ? "OlderThan=" : "Exe="
        let found: [(key: String, isSet: Bool)] = [
            ("Ladder", rule.ladder != nil), ("UnkillableSec", rule.unkillable != nil),
            ("Track", !rule.trackers.isEmpty), ("OwnUnits", rule.ownUnits != nil),
        ]
        return found.compactMap { key, isSet in
            guard isSet, let place = origins[key]?.first else { return nil }
            return ConfigurationFault(
                place,
                "\(key)= of \(name) holds for whole sessions, and \(condition) beside it is about single processes: "
                    + "expected a rule of its own for \(key)=, without Exe= and OlderThan=")
        }
    }
}
