// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Form where Value == Duration {
    /// A time that passes: 0 would mean never to wait, which no setting of this kind can want.
    static let duration = Form(accepts: "a duration of more than 0, such as 30, 500ms or 2min") {
        text throws(TextError) in
        let duration = try DurationText.parse(text)
        guard duration > .zero else { throw TextError(what: "duration", text: text, expected: "more than 0") }
        return duration
    } text: {
        compact($0)
    }

    /// Whole seconds, without a unit.
    static let seconds = Form(accepts: "a number of seconds, at least 1") { text throws(TextError) in
        guard let seconds = Int32(text), seconds > 0 else {
            throw TextError(what: "number of seconds", text: text, expected: "1 to \(Int32.max)")
        }
        return .seconds(Int64(seconds))
    } text: {
        String($0.components.seconds)
    }

    fileprivate static func compact(_ duration: Duration) -> String { DurationText.text(duration).filter { $0 != " " } }
}

extension Form where Value == Duration? {
    /// A time after which something ends, or never.
    static let limit = Form(accepts: "a duration of more than 0, or infinity") { text throws(TextError) in
        if text == "infinity" { return nil }
        do throws(TextError) {
            return try Form<Duration>.duration.parse(text)
        } catch {
            throw TextError(what: error.what, text: text, expected: error.expected + ", or infinity")
        }
    } text: { value in
        value.map(Form<Duration>.compact) ?? "infinity"
    }
}
