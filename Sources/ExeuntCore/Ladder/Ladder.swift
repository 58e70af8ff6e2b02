// SPDX-License-Identifier: Apache-2.0

/// The steps of an ending: signals and graces, the last of them KILL, such as `CONT HUP TERM 10s KILL`.
public struct Ladder: Hashable, Sendable {
    /// Signals that are sent together, and how long their receivers then have.
    public struct Rung: Hashable, Sendable {
        /// The signals, in the order in which each member gets them.
        public let signals: [SignalName]
        /// The time until the next rung; it ends early when nothing is left.
        public let grace: Duration

        /// These signals, and then this much time.
        public init(signals: [SignalName], grace: Duration) {
            self.signals = signals
            self.grace = grace
        }
    }

    /// The polite rungs; KILL always follows the last one and is not among them.
    public let rungs: [Rung]

    /// What a payload gets: CONT so that a stopped program can react, TERM, five seconds, KILL.
    public static let payload = Ladder(rungs: [Rung(signals: [.cont, .term], grace: .seconds(5))])

    /// A ladder of these rungs, and KILL.
    public init(rungs: [Rung]) { self.rungs = rungs }

    /// The sum of all graces: how long the ladder can take before KILL.
    public var graces: Duration { rungs.reduce(.zero) { $0 + $1.grace } }

    /// Reads a ladder: names of signals and durations, separated by blanks, KILL last.
    ///
    /// - Throws: `TextError` that names the word that is wrong.
    public static func parse(_ text: String) throws(TextError) -> Ladder {
        var rungs: [Rung] = []
        var signals: [SignalName] = []
        var words = text.split(whereSeparator: \.isWhitespace)
        guard let last = words.popLast(), SignalName(text: last) == .kill else {
            throw TextError(
                what: "ladder", text: text, expected: "signals and durations that end with KILL, such as \(payload)")
        }
        for word in words {
            if let signal = SignalName(text: word) {
                guard signal != .kill, signal != .stop else {
                    throw TextError(what: "ladder", text: text, expected: "KILL at its end only, and no STOP")
                }
                signals.append(signal)
            } else {
                let grace = try duration(word, in: text)
                guard !signals.isEmpty else {
                    throw TextError(what: "ladder", text: text, expected: "a signal before the duration \(word)")
                }
                rungs.append(Rung(signals: signals, grace: grace))
                signals = []
            }
        }
        if !signals.isEmpty { rungs.append(Rung(signals: signals, grace: .zero)) }
        return Ladder(rungs: rungs)
    }

    private static func duration(_ word: Substring, in text: String) throws(TextError) -> Duration {
        guard word.first?.isNumber == true else {
            throw TextError(what: "ladder", text: text, expected: "a signal or a duration instead of '\(word)'")
        }
        return try DurationText.parse(String(word))
    }
}

extension Ladder: CustomStringConvertible {
    /// The text that reads back as this ladder.
    public var description: String {
        // Without a grace of its own a rung would run into the next one; only KILL ends the last one anyway.
        let steps = rungs.enumerated().flatMap { index, rung in
            let isLast = index == rungs.count - 1
            return rung.signals.map(\.rawValue) + (isLast && rung.grace == .zero ? [] : [Self.compact(rung.grace)])
        }
        return (steps + ["KILL"]).joined(separator: " ")
    }

    /// A duration as one word: a blank inside it would end the step.
    private static func compact(_ duration: Duration) -> String {
        DurationText.text(duration).filter { $0 != " " }
    }
}
