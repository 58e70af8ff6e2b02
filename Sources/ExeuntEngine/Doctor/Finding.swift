// SPDX-License-Identifier: Apache-2.0

/// One thing that this host can do, or cannot.
public struct Finding: Hashable, Sendable {
    /// Whether it can.
    public enum State: String, Sendable {
        /// It can.
        case yes
        /// It can, within bounds.
        case partly
        /// It cannot.
        case no
    }

    /// What it is about, in the order in which it is shown.
    public enum Area: String, CaseIterable, Sendable {
        /// The ways of finding members.
        case trackers
        /// Control groups.
        case cgroups
        /// The kernel's means for handling processes.
        case kernel
        /// What can be seen of other processes.
        case processes
        /// What else there is around the session.
        case host
    }

    /// Names it for good, such as `cgroup.layout`.
    public let id: String
    /// Where it belongs.
    public let area: Area
    /// A word or two for people.
    public let name: String
    /// Whether this host can.
    public let state: State
    /// What was seen, without judgement.
    public let found: String
    /// What that means for the user, in one sentence.
    public let meaning: String
    /// How to get what is missing; empty where nothing is, or nothing helps.
    public let remedies: [Remedy]
    /// Of a tracker: whether a process can get out of it, or into it, without being allowed to.
    public var isStrong: Bool?

    init(
        _ id: String, _ area: Area, _ name: String, _ state: State, found: String, meaning: String,
        remedies: [Remedy] = []
    ) {
        self.id = id
        self.area = area
        self.name = name
        self.state = state
        self.found = found
        self.meaning = meaning
        self.remedies = remedies
    }
}

/// How to get something that is missing.
public struct Remedy: Hashable, Sendable {
    /// When it applies, or what it does: `as root`.
    public let what: String
    /// What to type or to set; nil where `what` says it all.
    public let command: String?

    init(_ what: String, _ command: String? = nil) {
        self.what = what
        self.command = command
    }
}
