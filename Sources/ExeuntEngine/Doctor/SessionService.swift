// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// A service that stands in the session of a log-in: an administrator has started it from there, without systemd. It carries her
/// session's cgroup, or audit session, and ends with it.
struct SessionService: Hashable, Sendable {
    let pid: Int32
    /// As it calls itself.
    let name: [UInt8]
    /// The id of the session, or the scope that systemd has made for it.
    let session: String

    /// A process, as far as it tells whether it is a service and whose session it is in.
    struct Candidate: Sendable {
        let pid: Int32
        let name: [UInt8]
        /// A child of process 1, root's, without a terminal.
        let isService: Bool
        /// By its cgroup.
        let session: String?
        let auditSession: UInt32?
    }

    /// Exeunt's own are spared at every ending, wherever they were started.
    private static let spared = ["exeuntd", "exeunt-ender", "exeunt-records"].map { Array($0.utf8) }

    /// All there are now, the first of them first.
    static func gather() throws(SystemError) -> [SessionService] {
        let table = try ProcessTable()
        let cgroups = try LoginCgroups.locate()
        var pids: [Int32] = []
        try table.allPIDs(into: &pids)
        var candidates: [Candidate] = []
        for pid in pids where pid > 1 {
            // try?: who is gone meanwhile, or not for the caller to see, is nobody that could be told of.
            guard let stat = try? table.stat(pid), !stat.isDead, !stat.isKernelThread else { continue }
            candidates.append(
                Candidate(
                    pid: pid, name: stat.name,
                    isService: stat.parent == 1 && stat.terminal == 0 && table.effectiveUID(pid) == 0,
                    session: session(of: pid, cgroups), auditSession: (try? table.auditSession(pid)) ?? nil))
        }
        return services(among: candidates)
    }

    private static func session(of pid: Int32, _ cgroups: LoginCgroups) -> String? {
        // try?: as above.
        guard let shown = try? cgroups.shownPath(of: pid) else { return nil }
        if case .session(let id) = cgroups.place(shown: shown) { return id }
        return cgroups.adopted(shown: shown)?.shown.split(separator: "/").last.map(String.init)
    }

    /// What is in the cgroup of no session belongs to the one that others of the same audit session are in.
    static func services(among candidates: [Candidate]) -> [SessionService] {
        var byAudit: [UInt32: String] = [:]
        for candidate in candidates {
            if let session = candidate.session, let audit = candidate.auditSession { byAudit[audit] = session }
        }
        return candidates.compactMap { candidate in
            guard candidate.isService, !spared.contains(candidate.name),
                let session = candidate.session ?? candidate.auditSession.flatMap({ byAudit[$0] })
            else { return nil }
            return SessionService(pid: candidate.pid, name: candidate.name, session: session)
        }
    }
}
