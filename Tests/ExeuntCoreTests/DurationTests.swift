// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

struct DurationTests {
    @Test(arguments: [
        ("0", Duration.zero), ("5", .seconds(5)), ("5s", .seconds(5)), ("5sec", .seconds(5)), (" 5 s ", .seconds(5)),
        ("500ms", .milliseconds(500)), ("7us", .microseconds(7)), ("2m", .seconds(120)), ("2min", .seconds(120)),
        ("1h", .seconds(3600)), ("1hr", .seconds(3600)), ("1d", .seconds(86400)), ("1h 30min", .seconds(5400)),
        ("1h30min5s", .seconds(5405)), ("1.5s", .milliseconds(1500)), ("0.25h", .seconds(900)),
        ("1.000000001s", .nanoseconds(1_000_000_001)), ("0.123456789d", .nanoseconds(10_666_666_569_600)),
        ("36600d", .seconds(36600 * 86400)),
    ])
    func parses(text: String, duration: Duration) throws { #expect(try DurationText.parse(text) == duration) }

    @Test(arguments: [
        "", " ", "s", "-1", "-1s", "+1s", "5 parsecs", "5S", "1e3", "1.s", ".5s", "1.2.3s", "1.0000000001s", "5s,",
        "٣s", "½s", "36601d", "99999999999999999999s", "9223372036.9s", "106751.999999999d", "2562047.9h",
        "36600d 1us", "5s\0",
    ])
    func refuses(text: String) {
        let expected = "a number with a unit, such as 500ms, 5s, 2min or 1h"
        #expect(throws: TextError(what: "duration", text: text, expected: expected)) { try DurationText.parse(text) }
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.seconds(5), "5s"), (.milliseconds(250), "250ms"), (.seconds(90), "1min 30s"),
        (.seconds(93_784), "1d 2h 3min 4s"), (.microseconds(1_500), "1ms 500us"), (.nanoseconds(999), "0s"),
        (.seconds(-1), "0s"),
    ])
    func prints(duration: Duration, text: String) throws {
        #expect(DurationText.text(duration) == text)
        if duration >= .microseconds(1) { #expect(try DurationText.parse(text) == duration) }
    }

    @Test func nanosecondsThatDoNotFit() {
        #expect(DurationText.nanoseconds(.seconds(Int64.max)) == .max)
        #expect(DurationText.nanoseconds(.seconds(Int64.min)) == .min)
        #expect(DurationText.nanoseconds(.seconds(9_223_372_036) + .milliseconds(999)) == .max)
        #expect(DurationText.nanoseconds(.milliseconds(-1)) == -1_000_000)
    }

    @Test func instants() {
        #expect(at(1) + .milliseconds(5) == at(1, 5))
        #expect(at(2) - at(1) == .seconds(1))
        #expect(at(1) < at(1, 1))
        #expect(at(1) + .seconds(Int64.max) == Instant(nanoseconds: .max))
    }

    @Test func anErrorShowsTheTextEscaped() {
        let error = TextError(what: "duration", text: "5\u{1B}[2J", expected: "another")
        #expect(error.description == "'5\\x1b[2J' is not a valid duration: expected another")
    }
}
