// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension HostFacts {
    /// One for each tracker that `--track` knows.
    var trackerFindings: [Finding] {
        if let obstacle = obstacles.first { return Self.allMissing(obstacle) }
        return [cgroupTracker, descentTracker, auditTracker, markTracker, groupTracker]
    }

    private static func allMissing(_ obstacle: Obstacle) -> [Finding] {
        let trackers: [Tracker] = [.cgroup, .descent, .audit, .mark(name: Tracker.sessionMark), .group]
        return trackers.enumerated().map { index, tracker in
            finding(
                tracker, .no, found: obstacle.found, meaning: obstacle.meaning,
                remedies: index == 0 ? [obstacle.remedy] : [])
        }
    }

    private static func finding(
        _ tracker: Tracker, _ state: Finding.State, found: String, meaning: String, remedies: [Remedy] = []
    ) -> Finding {
        let word = tracker.evidence.words.joined()
        var finding = Finding(
            "tracker." + word, .trackers, word, state, found: found, meaning: meaning, remedies: remedies)
        finding.isStrong = tracker.isStrong
        return finding
    }

    private var cgroupTracker: Finding {
        guard cgroups.leaf.outcome == .born else {
            return Self.finding(
                .cgroup, .no, found: cgroupObstacle,
                meaning:
                    "Payloads are tracked by descent and mark instead: all are found, but not killed at one stroke.",
                remedies: cgroupRemedies)
        }
        return Self.finding(
            .cgroup, .yes, found: "a child was born in a control group made for it",
            meaning: "Whatever a payload starts is in its control group, and all of it can be killed at one stroke.")
    }

    private var descentTracker: Finding {
        Self.finding(
            .descent, .yes,
            found: kernel.triedOrphan ? "an orphan came to the process above it" : "known to the kernel, and not tried",
            meaning: "Whatever a payload starts descends from Exeunt, also after it has been orphaned.")
    }

    private var auditTracker: Finding {
        if audit.missing == nil, kernel.audit == .writable {
            return Self.finding(
                .audit, .yes, found: "a child opened an audit session of its own",
                meaning: "A payload can get an audit session, which nothing it starts gets out of without privilege.")
        }
        let meaning = "--track audit is refused; cgroup and descent find the same processes."
        if kernel.audit == .absent {
            return Self.finding(
                .audit, .no, found: "the kernel has no audit sessions, or does not show them", meaning: meaning,
                remedies: [Remedy("a kernel with CONFIG_AUDIT")])
        }
        guard user.isRoot else {
            return Self.finding(
                .audit, .no, found: "only root can open an audit session that counts", meaning: meaning,
                remedies: [Remedy("as root, and the payload with it", "sudo exeunt run --track audit -- COMMAND")])
        }
        return Self.finding(
            .audit, .no, found: "the login uid is set, and may not be set anew (CAP_AUDIT_CONTROL is missing)",
            meaning: meaning,
            remedies: [Remedy("in a container, the capability", "docker run --cap-add AUDIT_CONTROL")])
    }

    private var markTracker: Finding {
        let mark = Tracker.mark(name: Tracker.sessionMark)
        guard let seen = proc.environments else {
            return Self.finding(
                mark, .no, found: "no environment could be read",
                meaning: "Processes cannot be found by a variable of their environment.")
        }
        let meaning = "Who was started with EXEUNT_SESSION in the environment is found, even after Exeunt was killed."
        if seen.readable == seen.all {
            return Self.finding(
                mark, .yes, found: "all \(seen.all) environments of this user's processes could be read",
                meaning: meaning)
        }
        return Self.finding(
            mark, seen.readable == 0 ? .no : .partly,
            found: "\(seen.readable) of \(seen.all) environments of this user's processes could be read"
                + (seen.silent > 0 ? ", \(seen.silent) did not answer" : ""),
            meaning: "Programs that were started with other privileges, or hide their memory, are not found by a mark.",
            remedies: [Remedy("a tracker that reads no memory", "exeunt run --track descent -- COMMAND")])
    }

    private var groupTracker: Finding {
        Self.finding(
            .group, .yes, found: "every process shows its group and session",
            meaning: "Only what stays in the payload's process group or session is found; a daemon leaves both.")
    }
}
