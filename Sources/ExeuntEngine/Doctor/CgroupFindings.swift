// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension HostFacts {
    /// The details behind the tracker `cgroup`, which has the remedies.
    var cgroupFindings: [Finding] {
        guard let own = cgroups.own else { return [cgroupLayout] }
        var findings = [cgroupLayout, ownGroup(own), delegation(own), threads(own)]
        if cgroups.leaf.outcome == .born { findings.append(stroke) }
        findings.append(controllers(own))
        return findings
    }

    private var cgroupLayout: Finding {
        let make = { (state: Finding.State, found: String, meaning: String) in
            Finding("cgroup.layout", .cgroups, "layout", state, found: found, meaning: meaning)
        }
        let places = cgroups.versionTwo.joined(separator: ", ")
        switch (cgroups.versionTwo.isEmpty, cgroups.versionOne.isEmpty) {
        case (false, true):
            return make(
                .yes, "unified: version 2 at \(places)", "All control groups are of the version that Exeunt uses.")
        case (false, false):
            let text = "hybrid: version 2 at \(places), and \(cgroups.versionOne.count) hierarchies of version 1"
            return make(.yes, text, "Exeunt uses version 2, which has every process; limits may be bound to version 1.")
        case (true, false):
            let text = "version 1 only: \(cgroups.versionOne.joined(separator: ", "))"
            return make(.no, text, "Version 1 neither says when a group is empty nor kills it, and is not used.")
        case (true, true):
            return make(.no, "none is mounted", "There are no control groups to be used.")
        }
    }

    private func ownGroup(_ own: CgroupFacts.OwnGroup) -> Finding {
        let owner = own.owner.map { $0 == 0 ? "root" : "uid \($0)" } ?? "nobody that can be seen"
        let lists =
            own.listOwner == own.owner ? "" : ", its list of processes by \(own.listOwner.map { "uid \($0)" } ?? "?")"
        return Finding(
            "cgroup.own", .cgroups, "own group", own.isReadOnly ? .partly : .yes,
            found: "\(ShellText.quoted(own.path)), owned by \(owner)\(lists)\(own.isReadOnly ? ", read-only" : "")",
            meaning: "Payloads are put below it, so that whatever limits it has go on to hold.")
    }

    private func delegation(_ own: CgroupFacts.OwnGroup) -> Finding {
        let make = { (state: Finding.State, found: String, meaning: String, remedies: [Remedy]) in
            Finding("cgroup.leaf", .cgroups, "leaf", state, found: found, meaning: meaning, remedies: remedies)
        }
        if let path = cgroups.leaf.leftBehind {
            return make(
                .partly, "\(path) was made and could not be removed", "A payload's group would stay behind as well.",
                [Remedy("remove it", "rmdir \(ShellText.quoted(path))")])
        }
        let mark = own.isMarkedDelegated ? "; marked as delegated" : ""
        switch cgroups.leaf.outcome {
        case .born:
            return make(.yes, "made, a child born in it, removed" + mark, "A payload gets a group of its own here.", [])
        case .barren:
            return make(
                .no, "made and removed, but nobody could be in it", "A payload gets no group of its own here.", [])
        case .refused, .untried:
            return make(.no, "could not be made" + mark, "A payload gets no group of its own here.", [])
        }
    }

    private func threads(_ own: CgroupFacts.OwnGroup) -> Finding {
        Finding(
            "cgroup.type", .cgroups, "type", own.isThreaded ? .no : .yes,
            found: own.type ?? "root of the hierarchy",
            meaning: own.isThreaded
                ? "Groups below it can hold threads only, so that no payload can be in one."
                : "Groups below it can hold processes.")
    }

    private var stroke: Finding {
        guard let error = cgroups.leaf.killObstacle else {
            return Finding(
                "cgroup.kill", .cgroups, "kill", .yes, found: "cgroup.kill was written to",
                meaning: "However many left-overs there are, one write kills all of them, those being forked included.")
        }
        return Finding(
            "cgroup.kill", .cgroups, "kill", .partly, found: error.description,
            meaning: "Left-overs are killed one by one, again and again, until nobody is left.",
            remedies: [Remedy("a kernel of 5.14 or newer")])
    }

    private func controllers(_ own: CgroupFacts.OwnGroup) -> Finding {
        Finding(
            "cgroup.controllers", .cgroups, "controllers", own.controllers.isEmpty ? .partly : .yes,
            found: own.controllers.isEmpty ? "none in version 2" : own.controllers.joined(separator: " "),
            meaning: own.controllers.isEmpty
                ? "Tracking needs none; limits for memory or processes would have to be set elsewhere."
                : "Tracking needs none; limits can be set on groups where these are enabled.")
    }
}
