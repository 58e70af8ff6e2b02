// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

extension HostFacts {
    /// What the kernel has been seen to do.
    var kernelFindings: [Finding] {
        [
            release,
            feature(
                "handles", "handles", kernel.pidfd && kernel.pidfdSignals, "pidfd_open, pidfd_send_signal",
                yes: "A signal reaches the process it is meant for, whatever becomes of its number.",
                no: "Nothing can be signalled safely, so that nothing is.", Obstacle.noHandles.remedy),
            ofHandle(
                "group-signals", "group signals", kernel.processGroupSignals, "PIDFD_SIGNAL_PROCESS_GROUP",
                yes: "A signal that is passed on reaches the payload's whole group in one call.",
                no: "A signal that is passed on goes to the members of the payload's group one by one.",
                since: "6.9"),
            ofHandle(
                "pidfd-info", "handle info", kernel.pidfdInfo, "PIDFD_GET_INFO",
                yes: "The kernel says what a handle stands for.",
                no: "What a handle stands for is read from /proc and verified.", since: "6.13"),
            ofHandle(
                "pidfs", "handle identity", kernel.pidfs, "pidfs",
                yes: "Two handles can be told apart by the kernel's own number.",
                no: "Processes are told apart by number and start time.", since: "6.9"),
            ofHandle(
                "pidfs-handles", "file handles", kernel.pidfsHandles, "name_to_handle_at on a pidfd, opened again",
                yes: "A process can be found again with certainty after a restart.",
                no: "After a restart, processes are found again by number and start time.", since: "6.14"),
            feature(
                "peer-pidfd", "peer handles", kernel.peerPidfd, "SO_PEERPIDFD",
                yes: "Whoever connects to a socket of Exeunt's is known for certain.",
                no: "Whoever connects is known by a number that may be old; 'exeunt run' does not need it.",
                Remedy("a kernel of 6.5 or newer")),
            feature(
                "clone3", "clone3", kernel.clone3, "clone3",
                yes: "A payload is in its control group from its first instant.",
                no: "A payload joins its control group before its program runs, and not at its first instant.",
                Remedy("a container run time whose filter lets clone3 pass")),
            feature(
                "subreaper", "orphans", kernel.subreaper,
                kernel.triedOrphan ? "PR_SET_CHILD_SUBREAPER, tried with an orphan" : "PR_GET_CHILD_SUBREAPER",
                yes: "Orphans of a payload become children of Exeunt, and of nobody else.",
                no: "Orphans are lost to pid 1.", Obstacle.noSubreaper.remedy),
            feature(
                "children", "child lists", kernel.childrenFile, "/proc/PID/task/TID/children",
                yes: "Descendants are found without reading about the processes of others.",
                no: "Every process of the host is read to find descendants, which takes longer.",
                Remedy("a kernel with CONFIG_PROC_CHILDREN")),
            auditSession,
        ]
    }

    /// The version is shown, and the one thing that nothing can be tried for.
    private var release: Finding {
        let parts = kernel.release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        let isOld = parts.count < 2 || (parts[0], parts[1]) < (5, 14)
        return Finding(
            "kernel.release", .kernel, "release", isOld ? .partly : .yes,
            found: kernel.release.isEmpty ? "unknown" : kernel.release,
            meaning: isOld
                ? "Exeunt is made for 5.14 and newer: what follows was tried and holds, but nobody tests it here."
                : "It is one that Exeunt is made for (5.14 and newer).",
            remedies: isOld ? [Remedy("a kernel of 5.14 or newer")] : [])
    }

    private func feature(
        _ id: String, _ name: String, _ isThere: Bool, _ tried: String, yes: String, no: String, _ remedy: Remedy
    ) -> Finding {
        Finding(
            "kernel." + id, .kernel, name, isThere ? .yes : .no, found: tried, meaning: isThere ? yes : no,
            remedies: isThere ? [] : [remedy])
    }

    /// Where there are no handles at all, a newer kernel may not be what is missing.
    private func ofHandle(
        _ id: String, _ name: String, _ isThere: Bool, _ tried: String, yes: String, no: String, since version: String
    ) -> Finding {
        guard kernel.pidfd else {
            return Finding("kernel." + id, .kernel, name, .no, found: "there is no handle to try it on", meaning: no)
        }
        return feature(id, name, isThere, tried, yes: yes, no: no, Remedy("a kernel of \(version) or newer"))
    }

    private var auditSession: Finding {
        let login = audit.loginUID.map { "login uid \($0)" } ?? "no login uid"
        switch (kernel.audit, audit.session) {
        case (.absent, _):
            return Finding(
                "kernel.audit", .kernel, "audit", .no, found: "/proc/self/sessionid is not there",
                meaning: "The kernel does not say which log-in a process belongs to.",
                remedies: [Remedy("a kernel with CONFIG_AUDIT")])
        case (_, let session?):
            return Finding(
                "kernel.audit", .kernel, "audit", .yes, found: "this process is in session \(session), \(login)",
                meaning: "The kernel says which log-in a process belongs to.")
        case (_, nil):
            return Finding(
                "kernel.audit", .kernel, "audit", .partly, found: "this process is in no session, \(login)",
                meaning: "The kernel has audit sessions, but no log-in has opened one for this process.",
                remedies: [Remedy("in the PAM file of what lets users in", "session required pam_loginuid.so")])
        }
    }
}
