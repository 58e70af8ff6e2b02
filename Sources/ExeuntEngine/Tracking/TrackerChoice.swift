// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A tracker that was asked for and that this host cannot give.
public struct TrackerUnavailable: Error, CustomStringConvertible {
    /// The tracker.
    public let tracker: Tracker
    /// What is missing.
    public let missing: String

    /// One line for the user.
    public var description: String {
        "track by \(tracker): \(missing); 'exeunt doctor' says what this host can do"
    }
}

/// Decides which trackers a payload gets, and makes its cgroup.
enum TrackerChoice {
    /// What was decided.
    struct Choice {
        let trackers: [Tracker]
        let cgroup: Cgroup?
    }

    /// How the name of every session's leaf begins.
    static let leafPrefix = "exeunt-"

    /// - Parameter wanted: nil takes the best this host offers.
    static func make(_ wanted: [Tracker]?, session id: String) throws -> Choice {
        guard let wanted else { return try best(session: id) }
        for tracker in wanted { try require(tracker) }
        let cgroup = wanted.contains(.cgroup) ? try makeCgroup(session: id) : nil
        return Choice(trackers: wanted, cgroup: cgroup)
    }

    /// What a session has whose keeper was killed: its leaf may have been made or not. What the keeper knew of the
    /// leader's group and audit session is gone with it, but everybody it had is this process's descendant now.
    ///
    /// - Parameter isDescentCertain: false if this process had children before there was a session: their orphans are
    ///   its children now as well, and only cgroup and mark tell them from members.
    static func find(
        _ wanted: [Tracker]?, session id: String, isDescentCertain: Bool
    ) throws(SystemError) -> Choice {
        let leaf = try findLeaf(session: id)
        var trackers: [Tracker] = leaf == nil ? [] : [.cgroup]
        if isDescentCertain { trackers.append(.descent) } else if leaf == nil { trackers.append(sessionMark) }
        for tracker in wanted ?? withoutCgroup where tracker != .cgroup && tracker != .descent {
            if !trackers.contains(tracker) { trackers.append(tracker) }
        }
        return Choice(trackers: trackers, cgroup: leaf)
    }

    static func findLeaf(session id: String) throws(SystemError) -> Cgroup? {
        guard let hierarchy = try CgroupHierarchy.locate() else { return nil }
        do throws(SystemError) {
            return try Cgroup.open(hierarchy.ownPath + "/" + leafPrefix + id)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    private static func best(session id: String) throws -> Choice {
        do {
            return Choice(trackers: [.cgroup, .descent], cgroup: try makeCgroup(session: id))
        } catch is TrackerUnavailable {
            return Choice(trackers: withoutCgroup, cgroup: nil)
        }
    }

    /// What a payload gets where it cannot have a cgroup: descent loses nobody while the keeper lives; the mark finds
    /// those whose keeper was killed.
    static let withoutCgroup: [Tracker] = [.descent, sessionMark]

    private static let sessionMark = Tracker.mark(name: Tracker.sessionMark)

    private static func require(_ tracker: Tracker) throws {
        switch tracker {
        case .cgroup, .descent, .group, .user: break
        case .audit:
            if let missing = AuditSession.missing { throw TrackerUnavailable(tracker: tracker, missing: missing) }
        case .mark(let name):
            guard name == Tracker.sessionMark || SessionMark.value(of: name) != nil else {
                throw TrackerUnavailable(
                    tracker: tracker, missing: "the environment variable \(name) is not set, or is empty")
            }
        }
    }

    private static func makeCgroup(session id: String) throws -> Cgroup {
        do throws(SystemError) {
            return try makeLeaf(session: id)
        } catch {
            throw TrackerUnavailable(tracker: .cgroup, missing: error.description)
        }
    }

    /// A leaf below the caller's own cgroup, so that outer limits go on to hold.
    static func makeLeaf(session id: String) throws(SystemError) -> Cgroup {
        guard let hierarchy = try CgroupHierarchy.locate() else {
            throw SystemError("find", "a mounted cgroup v2 hierarchy", .noSuchFileOrDirectory)
        }
        // A process can be born in the leaf only by someone who may write the nearest common ancestor's list,
        // cgroups(7) "Delegation containment".
        try FileAccess.requireWritable(hierarchy.ownPath + "/cgroup.procs")
        return try Cgroup.create(named: leafPrefix + id, below: hierarchy.ownPath)
    }
}
