// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol
import FoundationEssentials

/// A session as it stands in the ledger, version 1. Numbers of processes and instants mean something during one boot only.
struct LedgerEntry: Codable {
    private(set) var version = 1
    let bootID: String
    private let id: String
    private let owner: UInt32
    private let user: String
    private let sessionClass: String
    private let type: String
    private let service: String
    private let tty: String?
    private let display: String?
    private let remoteHost: String?
    private let remoteUser: String?
    private let leader: Leader?
    private let cgroup: Place?
    private let auditSession: UInt32?
    private let opened: Int64
    private let state: String
    private let reason: String?
    private let keptUntil: Int64?
    private let over: Int64?
    private let hasKept: Bool?
    private let lease: LeaseEntry?
    private let kept: [EndingSummary.Kept]?

    /// The process that has opened it.
    struct Leader: Codable {
        let pid: Int32
        let startTime: UInt64
        /// Where the kernel has them: name_to_handle_at(2), as bytes.
        let fileHandle: [UInt8]?

        func write(_ writer: inout JSONWriter) {
            writer.member(CodingKeys.pid, pid)
            writer.member(CodingKeys.startTime, startTime)
            writer.member(CodingKeys.fileHandle, fileHandle)
        }
    }

    private struct Place: Codable {
        let path: String
        let shown: String
        let isOwn: Bool

        func write(_ writer: inout JSONWriter) {
            writer.member(CodingKeys.path, path)
            writer.member(CodingKeys.shown, shown)
            writer.member(CodingKeys.isOwn, isOwn)
        }
    }

    private struct LeaseEntry: Codable {
        let session: String?
        let command: [String]
        let reason: String?
        let expires: Int64
        let isReleased: Bool

        func write(_ writer: inout JSONWriter) {
            writer.member(CodingKeys.session, session)
            writer.member(CodingKeys.command, command)
            writer.member(CodingKeys.reason, reason)
            writer.member(CodingKeys.expires, expires)
            writer.member(CodingKeys.isReleased, isReleased)
        }
    }

    /// As JSON. By hand: it is written while somebody logs in or out and waits for it.
    func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { write(&$0) }
        return writer.bytes
    }

    private func write(_ writer: inout JSONWriter) {
        writer.member(CodingKeys.version, version)
        writer.member(CodingKeys.bootID, bootID)
        writer.member(CodingKeys.id, id)
        writer.member(CodingKeys.owner, owner)
        writer.member(CodingKeys.user, user)
        writer.member(CodingKeys.sessionClass, sessionClass)
        writer.member(CodingKeys.type, type)
        writer.member(CodingKeys.service, service)
        writer.member(CodingKeys.tty, tty)
        writer.member(CodingKeys.display, display)
        writer.member(CodingKeys.remoteHost, remoteHost)
        writer.member(CodingKeys.remoteUser, remoteUser)
        if let leader {
            writer.key(CodingKeys.leader)
            writer.object { leader.write(&$0) }
        }
        if let cgroup {
            writer.key(CodingKeys.cgroup)
            writer.object { cgroup.write(&$0) }
        }
        writer.member(CodingKeys.auditSession, auditSession)
        writer.member(CodingKeys.opened, opened)
        writer.member(CodingKeys.state, state)
        writer.member(CodingKeys.reason, reason)
        writer.member(CodingKeys.keptUntil, keptUntil)
        writer.member(CodingKeys.over, over)
        writer.member(CodingKeys.hasKept, hasKept)
        if let lease {
            writer.key(CodingKeys.lease)
            writer.object { lease.write(&$0) }
        }
        guard let kept else { return }
        writer.key(CodingKeys.kept)
        writer.array(kept) { $0.write(&$1) }
    }

    private enum State: String {
        case active, ending, kept
    }

    init(_ session: TrackedSession, bootID: String, fileHandle: [UInt8]?) {
        self.bootID = bootID
        id = session.id
        owner = session.owner
        user = session.facts.user
        sessionClass = session.facts.sessionClass.rawValue
        type = session.facts.type.rawValue
        service = session.facts.service
        tty = session.facts.tty
        display = session.facts.display
        remoteHost = session.facts.remoteHost
        remoteUser = session.facts.remoteUser
        leader = session.leader.map { Leader(pid: $0.pid, startTime: $0.startTime, fileHandle: fileHandle) }
        cgroup = session.cgroup.map { Place(path: $0.path, shown: $0.shown, isOwn: $0.isOwn) }
        auditSession = session.auditSession
        opened = session.opened
        over = session.over?.nanoseconds
        hasKept = session.hasKept
        lease = session.lease.map {
            LeaseEntry(
                session: $0.session, command: $0.command, reason: $0.reason, expires: $0.expires.nanoseconds,
                isReleased: $0.isReleased)
        }
        kept =
            session.kept.isEmpty
            ? nil
            : session.kept.map { EndingSummary.Kept(pid: $0.key.pid, startTime: $0.key.startTime, rule: $0.value) }
        switch session.state {
        case .active: (state, reason, keptUntil) = (State.active.rawValue, nil, nil)
        case .ending(let why): (state, reason, keptUntil) = (State.ending.rawValue, why.rawValue, nil)
        case .kept(let until): (state, reason, keptUntil) = (State.kept.rawValue, nil, until?.nanoseconds)
        }
    }

    /// The file handle of the leader's process.
    var fileHandle: [UInt8]? { leader?.fileHandle }

    /// - Returns: nil for an entry of another boot, whose processes are gone, or of another version.
    func session(bootID current: String) -> TrackedSession? {
        guard version == 1, bootID == current, let tracked = trackedState else { return nil }
        let facts = LoginFacts(
            user: user, sessionClass: SessionClass(rawValue: sessionClass) ?? .user,
            type: SessionType(rawValue: type) ?? .unspecified, service: service, tty: tty, display: display,
            remoteHost: remoteHost, remoteUser: remoteUser)
        var session = TrackedSession(
            id: id, owner: owner, facts: facts,
            leader: leader.map { ProcessIdentity(pid: $0.pid, startTime: $0.startTime) },
            cgroup: cgroup.map { LoginCgroup(path: $0.path, shown: $0.shown, isOwn: $0.isOwn) },
            auditSession: auditSession, opened: opened, state: tracked, over: over.map(Instant.init(nanoseconds:)),
            lease: lease.map(Self.lease))
        session.kept = .init(kept ?? [])
        session.hasKept = hasKept ?? false
        return session
    }

    private static func lease(_ entry: LeaseEntry) -> Lease {
        var lease = Lease(
            session: entry.session, command: entry.command, reason: entry.reason,
            expires: Instant(nanoseconds: entry.expires))
        lease.isReleased = entry.isReleased
        return lease
    }

    private var trackedState: TrackedSession.State? {
        switch State(rawValue: state) {
        case .active: .active
        case .ending: reason.flatMap(EndingReason.init(rawValue:)).map(TrackedSession.State.ending)
        case .kept: .kept(until: keptUntil.map(Instant.init(nanoseconds:)))
        case nil: nil
        }
    }
}
