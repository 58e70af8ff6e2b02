// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The keys of `glexec.conf`.
enum GlexecTable {
    static let section = Section<GlexecConfiguration>(
        title: "glexec", sentence: "gLExec.",
        settings: [
            Setting("linger", \.lingers, .flag, "Whether the supervisor stays until the payload has ended."),
            Setting("epilogue", \.epilogue, .path, "The program that is run after the payload."),
            Setting("epilogue_user", \.epilogueUser, .optionalAccount, "Who runs it."),
            Setting("epilogue_group", \.epilogueGroup, .group, "As which group."),
            Setting("epilogue_timeout", \.epilogueTimeout, .seconds, "How long it may run."),
            Setting("user_identity_switch_by", \.switcher, .choice(), "Who changes the user."),
            Setting("user_white_list", list: \.userWhiteList, .separated("names of users"), "Who may call."),
            Setting(
                "preserve_env_variables", list: \.preservedVariables, .separated("names of variables"),
                "What the payload keeps."),
            Setting("silent_logging", \.logsSilently, .flag, "Whether the log says errors only."),
            Setting("log_level", \.logLevel, .level, "How much the log says."),
            Setting("log_destination", \.logDestination, .choice(), "Where messages go."),
            Setting("log_file", \.logFile, .path, "The file for messages."),
            Setting("syslog_facility", \.syslogFacility, .text("a facility"), "The facility of the system's log."),
        ])

    /// Whether gLExec knows the key, and Exeunt has nothing that it could be about: authorisation, mapping and
    /// certificates belong to parts of the grid that are not here.
    static func isForeign(_ key: String) -> Bool {
        key.hasPrefix("lcas_") || key.hasPrefix("lcmaps_") || others.contains(key)
    }

    private static let others: Set<String> = [
        "use_lcas", "use_lcmaps", "create_target_proxy", "input_lock_mechanism", "lock_mechanism",
        "omission_private_key_white_list", "target_lock_mechanism",
    ]
}

extension Form where Value == Account? {
    fileprivate static let optionalAccount = Form(accepts: Form<Account>.account.accepts, parse: Account.parse) {
        $0?.description ?? ""
    }
}

extension Form where Value == String? {
    fileprivate static let group = Form(accepts: "a group's name or number") { text throws(TextError) in
        guard Account.isName(text) else {
            throw TextError(what: "group", text: text, expected: "a group's name or number")
        }
        return text
    } text: {
        $0 ?? ""
    }
}

extension Form where Value == Int {
    fileprivate static let level = Form(accepts: "0 to 5") { text throws(TextError) in
        guard let level = Int(text), (0...5).contains(level) else {
            throw TextError(what: "level", text: text, expected: "0 to 5")
        }
        return level
    } text: {
        String($0)
    }
}

extension Form where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the words of an enumeration.
    fileprivate static func choice() -> Form {
        let words = Value.allCases.map(\.rawValue).joined(separator: " or ")
        return Form(accepts: words) { text throws(TextError) in
            guard let value = Value(rawValue: text) else {
                throw TextError(what: "value", text: text, expected: words)
            }
            return value
        } text: {
            $0.rawValue
        }
    }
}
