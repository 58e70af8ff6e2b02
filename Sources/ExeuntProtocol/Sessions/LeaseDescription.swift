// SPDX-License-Identifier: Apache-2.0

/// A lease, as callers see it.
public struct LeaseDescription: Codable, Hashable, Sendable {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case id, owner, user, session, pid, command, reason, granted, expires, cgroup, rule
    }

    /// Its id.
    public var id: String
    /// The user id.
    public var owner: UInt32
    /// The log-in name.
    public var user: String
    /// In which it was taken.
    public var session: String?
    /// The process that took it; for people.
    public var pid: Int32
    /// What it runs, for a shell.
    public var command: String
    /// What its owner has said.
    public var reason: String?
    /// When, as `CivilText` has it.
    public var granted: String
    /// When it ends, as `CivilText` has it.
    public var expires: String
    /// Within the hierarchy.
    public var cgroup: String?
    /// What permitted it.
    public var rule: String?

    /// See the fields.
    public init(
        id: String, owner: UInt32, user: String, session: String? = nil, pid: Int32, command: String,
        reason: String? = nil, granted: String, expires: String, cgroup: String? = nil, rule: String? = nil
    ) {
        self.id = id
        self.owner = owner
        self.user = user
        self.session = session
        self.pid = pid
        self.command = command
        self.reason = reason
        self.granted = granted
        self.expires = expires
        self.cgroup = cgroup
        self.rule = rule
    }

    func write(_ writer: inout JSONWriter) {
        writer.member(CodingKeys.id, id)
        writer.member(CodingKeys.owner, owner)
        writer.member(CodingKeys.user, user)
        writer.member(CodingKeys.session, session)
        writer.member(CodingKeys.pid, pid)
        writer.member(CodingKeys.command, command)
        writer.member(CodingKeys.reason, reason)
        writer.member(CodingKeys.granted, granted)
        writer.member(CodingKeys.expires, expires)
        writer.member(CodingKeys.cgroup, cgroup)
        writer.member(CodingKeys.rule, rule)
    }
}
