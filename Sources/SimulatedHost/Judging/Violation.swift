// SPDX-License-Identifier: Apache-2.0

/// A promise that a run has broken.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is promised.
    public enum Promise: String, CaseIterable, Hashable, Sendable {
        /// Nobody who is not a member is signalled.
        case foreignUntouched = "a foreign process was signalled"
        /// Whoever a rule spares, and its descendants, are not signalled.
        case sparedUntouched = "a spared process was signalled"
        /// Report mode signals nothing.
        case reportIsSilent = "report mode signalled"
        /// No verdict says that nobody is left while somebody is.
        case verdictIsTrue = "the verdict is wrong"
        /// The roster names everybody that was told or killed, with what really became of them.
        case rosterIsTrue = "the roster is wrong"
        /// One ending, one `finish`, and nothing after it.
        case endsOnce = "the ending did not end exactly once"
        /// KILL comes only after every grace, unless somebody hurries.
        case graceIsGiven = "KILL came before its time"
        /// Everybody is asked as the ladder says before KILL, and nobody twice by one rung.
        case asksOnce = "the ladder was not followed"
        /// An ending is never longer than its plan says.
        case boundIsKept = "the bound was exceeded"
        /// The wait ends the moment nobody is left.
        case endsAtOnce = "an ending waited for nobody"
        /// Actions come to an end without time passing; an action that asks a question is the last of its list.
        case comesToRest = "the actions did not come to rest"
        /// Each hook runs once, in its turn, before or after the ladder; those after it whatever happens.
        case hooksRunOnce = "the hooks were not run as planned"
        /// KILL is tried on whoever counts as a survivor.
        case killIsTried = "a survivor was never killed"
    }

    /// Which one.
    public let promise: Promise
    /// Who, when, and what happened instead.
    public let detail: String

    /// One line.
    public var description: String { "\(promise.rawValue): \(detail)" }
}
