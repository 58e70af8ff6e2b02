// SPDX-License-Identifier: Apache-2.0

/// Ways to drive the core wrongly, so that a test can see whether the judge notices.
enum Sabotage: CaseIterable, Sendable {
    /// Every listing counts as the kernel's word.
    case trustsOneLook
    /// A signal goes to whoever has the pid.
    case ignoresStartTimes
    /// Weak evidence counts for every user's processes.
    case countsWeakEvidenceAcrossUsers
    /// The ladder's graces are skipped.
    case skipsGraces
    /// Nobody's parent is known.
    case losesFamilies
    /// Every look shows what the first one showed.
    case looksOnce
}
