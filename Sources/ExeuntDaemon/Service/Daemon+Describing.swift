// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol
import LinuxSystem

extension Daemon {
    /// A session as it is shown to those who may see it.
    func describe(_ session: TrackedSession) -> SessionDescription {
        let now = CivilClock.now()
        var description = SessionDescription(
            id: session.id, owner: session.owner, user: Escaping.shown(session.facts.user.utf8),
            class: session.facts.sessionClass.rawValue, type: session.facts.type.rawValue,
            service: Escaping.shown(session.facts.service.utf8), leader: session.leader?.pid ?? 0, state: .active,
            opened: CivilText.text(session.opened), seconds: Double(now - session.opened) / 1e9,
            cgroup: session.cgroup?.path, trackers: trackers(of: session).map(\.description))
        description.tty = session.facts.tty.map { Escaping.shown($0.utf8) }
        description.display = session.facts.display.map { Escaping.shown($0.utf8) }
        description.remoteHost = session.facts.remoteHost.map { Escaping.shown($0.utf8) }
        description.remoteUser = session.facts.remoteUser.map { Escaping.shown($0.utf8) }
        switch session.state {
        case .active: break
        case .ending(let reason): (description.state, description.reason) = (.ending, reason.rawValue)
        case .kept(let until):
            description.state = .kept
            description.keptUntil = until.map { CivilText.text(Self.civil($0)) }
        }
        return description
    }

    /// A lease, likewise; nil for what is none.
    func describeLease(_ session: TrackedSession) -> LeaseDescription? {
        guard let lease = session.lease else { return nil }
        return LeaseDescription(
            id: session.id, owner: session.owner, user: Escaping.shown(session.facts.user.utf8),
            session: lease.session, pid: session.leader?.pid ?? 0,
            command: Escaping.shown(lease.command.joined(separator: " ").utf8),
            reason: lease.reason.map { Escaping.shown($0.utf8) }, granted: CivilText.text(session.opened),
            expires: CivilText.text(Self.civil(lease.expires)), cgroup: session.cgroup?.path)
    }

    /// How the members of a session are looked for.
    func trackers(of session: TrackedSession) -> [Tracker] {
        settings.session.trackers.filter { $0 != .cgroup || session.cgroup != nil }
    }

    /// When a moment of the monotonic clock is by the time of day, as it stands now.
    static func civil(_ instant: Instant) -> Int64 {
        CivilClock.now() + DurationText.nanoseconds(instant - .now())
    }
}
