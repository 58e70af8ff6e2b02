// SPDX-License-Identifier: Apache-2.0

/// A session, as callers see it.
public struct SessionDescription: Codable, Hashable, Sendable {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case id, owner, user, `class`, type, service, tty, display, remoteHost, remoteUser, leader, state, reason
        case opened, seconds, cgroup, trackers, keptUntil
    }

    /// Its id.
    public var id: String
    /// The user id.
    public var owner: UInt32
    /// The log-in name.
    public var user: String
    /// `user`, `greeter`, `background`, `payload`.
    public var `class`: String
    /// `tty`, `x11`, `wayland`, `unspecified`.
    public var type: String
    /// The PAM service.
    public var service: String
    /// The terminal, or what the service calls one.
    public var tty: String?
    /// The X display.
    public var display: String?
    /// Where somebody has come from.
    public var remoteHost: String?
    /// Who asked there.
    public var remoteUser: String?
    /// The pid of the leader; for people.
    public var leader: Int32
    /// Where it is between opening and end.
    public var state: State
    /// Why it is ending.
    public var reason: String?
    /// When, as `CivilText` has it.
    public var opened: String
    /// Since the opening.
    public var seconds: Double
    /// Within the hierarchy.
    public var cgroup: String?
    /// The evidence that is looked for.
    public var trackers: [String]
    /// When its last lease expires.
    public var keptUntil: String?

    /// See the fields.
    public init(
        id: String, owner: UInt32, user: String, class: String, type: String, service: String, tty: String? = nil,
        display: String? = nil, remoteHost: String? = nil, remoteUser: String? = nil, leader: Int32, state: State,
        reason: String? = nil, opened: String, seconds: Double, cgroup: String? = nil, trackers: [String],
        keptUntil: String? = nil
    ) {
        self.id = id
        self.owner = owner
        self.user = user
        self.class = `class`
        self.type = type
        self.service = service
        self.tty = tty
        self.display = display
        self.remoteHost = remoteHost
        self.remoteUser = remoteUser
        self.leader = leader
        self.state = state
        self.reason = reason
        self.opened = opened
        self.seconds = seconds
        self.cgroup = cgroup
        self.trackers = trackers
        self.keptUntil = keptUntil
    }

    /// Between opening and end.
    public enum State: String, Codable, Hashable, Sendable {
        case active, ending
        /// It has ended but for its leases.
        case kept
    }

    func write(_ writer: inout JSONWriter) {
        writer.member(CodingKeys.id, id)
        writer.member(CodingKeys.owner, owner)
        writer.member(CodingKeys.user, user)
        writer.member(CodingKeys.`class`, `class`)
        writer.member(CodingKeys.type, type)
        writer.member(CodingKeys.service, service)
        writer.member(CodingKeys.tty, tty)
        writer.member(CodingKeys.display, display)
        writer.member(CodingKeys.remoteHost, remoteHost)
        writer.member(CodingKeys.remoteUser, remoteUser)
        writer.member(CodingKeys.leader, leader)
        writer.member(CodingKeys.state, state.rawValue)
        writer.member(CodingKeys.reason, reason)
        writer.member(CodingKeys.opened, opened)
        writer.member(CodingKeys.seconds, seconds)
        writer.member(CodingKeys.cgroup, cgroup)
        writer.member(CodingKeys.trackers, trackers)
        writer.member(CodingKeys.keptUntil, keptUntil)
    }
}
