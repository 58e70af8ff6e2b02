// SPDX-License-Identifier: Apache-2.0

/// Somebody who waits for the end of a session.
final class EndWaiter {
    /// What comes.
    enum News {
        /// Nobody is left but the leader.
        case vacant
        /// The session is over; nil when there is no record of it.
        case over(Receipt?)
    }

    /// How it went.
    struct Receipt {
        let verdict: String
        let record: [UInt8]

        init(_ summary: EndingSummary, _ record: [UInt8]) {
            verdict = summary.verdict
            self.record = record
        }
    }

    /// Whether it is enough that nobody but the leader is left: she waits herself.
    let needsOnlyVacancy: Bool
    /// Called once.
    let tell: (News) -> Void

    init(needsOnlyVacancy: Bool, tell: @escaping (News) -> Void) {
        self.needsOnlyVacancy = needsOnlyVacancy
        self.tell = tell
    }
}
