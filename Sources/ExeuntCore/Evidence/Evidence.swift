// SPDX-License-Identifier: Apache-2.0

/// Why a process counts as a member of a session.
public struct Evidence: OptionSet, Hashable, Sendable {
    /// One bit for each kind.
    public let rawValue: UInt8
    /// Evidence with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It is in the session's cgroup or below it, cgroups(7).
    public static let cgroup = Evidence(rawValue: 1 << 0)
    /// It descends from the session's keeper: a child of a member, or an orphan that the subreaper got.
    public static let descent = Evidence(rawValue: 1 << 1)
    /// It carries the kernel audit session id that root opened for the session.
    public static let audit = Evidence(rawValue: 1 << 2)
    /// Its environment holds the session's mark.
    public static let mark = Evidence(rawValue: 1 << 3)
    /// It is in the leader's process group or kernel session.
    public static let group = Evidence(rawValue: 1 << 4)
    /// It runs under the session owner's uid.
    public static let user = Evidence(rawValue: 1 << 5)

    /// The kinds a process cannot forge.
    public static let strong: Evidence = [.cgroup, .descent, .audit]

    /// All kinds with their word, in the order in which they are shown.
    public static let named: [(evidence: Evidence, word: String)] = [
        (.cgroup, "cgroup"), (.descent, "descent"), (.audit, "audit"), (.mark, "mark"), (.group, "group"),
        (.user, "user"),
    ]

    /// Whether any of it is of a kind that a process cannot forge.
    public var hasStrong: Bool { !isDisjoint(with: .strong) }

    /// The words of all kinds in it, in a fixed order.
    public var words: [String] { Self.named.filter { contains($0.evidence) }.map(\.word) }
}
