// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What this host can do for a session, here and now, for this user.
public struct Examination: Sendable {
    /// Whom it holds for.
    public let uid: UInt32
    /// What `exeunt run` would track by if it is not told; empty when it could not run.
    public let trackers: [Tracker]
    /// Everything that was looked at.
    public let findings: [Finding]

    /// Whether `exeunt run` would have a tracker that no process can get out of, or into, by itself.
    public var isStrong: Bool { trackers.contains(where: \.isStrong) }

    /// Tries everything out, with short-lived children and a cgroup of its own. Nothing of them is left behind.
    public static func ofThisHost() -> Examination { Examination(HostFacts.gather()) }

    init(_ facts: HostFacts) {
        uid = facts.user.effectiveUID
        trackers = facts.trackersOfARun
        findings =
            facts.trackerFindings + facts.cgroupFindings + facts.kernelFindings + facts.processFindings
            + facts.hostFindings + facts.loginFindings
    }
}
