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
        /// A leader that has closed its session has its time to leave by itself.
        case leaderMayLeave = "a leader that was leaving was signalled"
        /// Never two at a time end the same session, and nobody ends one that has been ended.
        case oneEnder = "two processes have ended the same session"
        /// In the end nobody is left in a session that is over but whom something keeps, whatever was killed meanwhile.
        case nothingIsLost = "a session that is over was forgotten"
        /// Each ending leaves one record.
        case recordedOnce = "a session has not exactly one record of its end"
        /// When all sessions are over, nothing is known of them, and no file is left.
        case ledgerIsEmpty = "the files know of a session that is over"
        /// A lease is left alone until it expires, or was given back and its session is over; then it is ended.
        case leaseHasItsTime = "a lease did not have its time"
        /// Whoever waits for the end of a session is told.
        case waitIsAnswered = "somebody waits for ever"
        /// The registry is woken up when the first of its deadlines comes.
        case timerIsRight = "a deadline was forgotten"
    }

    /// Which one.
    public let promise: Promise
    /// Who, when, and what happened instead.
    public let detail: String

    /// One line.
    public var description: String { "\(promise.rawValue): \(detail)" }
}
