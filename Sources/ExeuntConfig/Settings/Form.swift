// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// How the value of a setting is written: read from text, and shown as text that reads back the same.
struct Form<Value: Sendable>: Sendable {
    /// What is accepted, for people.
    let accepts: String
    let parse: @Sendable (String) throws(TextError) -> Value
    let text: @Sendable (Value) -> String
}

extension Form where Value == Bool {
    /// The words of systemd.syntax(7).
    static let flag = Form(accepts: "yes or no") { text throws(TextError) in
        guard let value = flag(text) else { throw TextError(what: "switch", text: text, expected: "yes or no") }
        return value
    } text: {
        $0 ? "yes" : "no"
    }

    fileprivate static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "1", "yes", "y", "true", "t", "on": true
        case "0", "no", "n", "false", "f", "off": false
        default: nil
        }
    }
}

extension Form where Value == Bool? {
    /// The same, where not set is something else than no.
    static let optionalFlag = Form(accepts: "yes or no") { text throws(TextError) in
        try Form<Bool>.flag.parse(text)
    } text: { value in
        value.map(Form<Bool>.flag.text) ?? ""
    }
}

extension Form where Value == KillPolicy {
    static let killPolicy = Form(accepts: "yes, no or report") { text throws(TextError) in
        if let flag = Form<Bool>.flag(text) { return flag ? .yes : .no }
        guard text == KillPolicy.report.rawValue else {
            throw TextError(what: "policy", text: text, expected: "yes, no or report")
        }
        return .report
    } text: {
        $0.rawValue
    }
}

extension Form where Value == Rule.Action {
    static let action = Form(accepts: "end, keep or report") { text throws(TextError) in
        guard let action = Rule.Action(rawValue: text) else {
            throw TextError(what: "action", text: text, expected: "end, keep or report")
        }
        return action
    } text: {
        $0.rawValue
    }
}

extension Form {
    /// The same, or nothing.
    static func optional<Wrapped>(_ form: Form<Wrapped>) -> Form where Value == Wrapped? {
        Form(accepts: form.accepts) { text throws(TextError) in
            try form.parse(text)
        } text: { value in
            value.map(form.text) ?? ""
        }
    }
}

extension Form where Value == Int {
    static let count = Form(accepts: "a number of at least 1") { text throws(TextError) in
        guard let count = Int(text), (1...65536).contains(count) else {
            throw TextError(what: "number", text: text, expected: "1 to 65536")
        }
        return count
    } text: {
        String($0)
    }
}

extension Form where Value == String {
    static let path = Form(accepts: "an absolute path", parse: AbsolutePath.parse) { $0 }
}

extension Form where Value == SyslogFacility {
    static let facility = Form(accepts: "a facility of syslog(3), such as daemon or local3") {
        text throws(TextError) in
        guard let facility = SyslogFacility(rawValue: text) else {
            let names = SyslogFacility.allCases.map(\.rawValue)
            let nearest = Suggestion.nearest(to: text, among: names)
            throw TextError(
                what: "facility", text: text, expected: nearest ?? "one of \(names.joined(separator: ", "))")
        }
        return facility
    } text: {
        $0.rawValue
    }
}

extension Form where Value == Ladder {
    static let ladder = Form(
        accepts: "signals and durations, KILL last", parse: Ladder.parse, text: \.description)
}

extension Form where Value == Account {
    static let account = Form(accepts: "a user's name or number", parse: Account.parse, text: \.description)
}

extension Form where Value == String? {
    static let path = Form(accepts: "an absolute path", parse: AbsolutePath.parse) { $0 ?? "" }

    /// Whatever stands there.
    static func text(_ accepts: String) -> Form { Form(accepts: accepts, parse: { $0 }, text: { $0 ?? "" }) }
}
