// SPDX-License-Identifier: Apache-2.0

/// A rule as the ending of one session applies it: the first one that matches a process decides for it and for its
/// descendants.
///
/// What can be told of the session as a whole has been decided before: a rule that does not fit it is not here.
public struct Rule: Hashable, Sendable {
    /// What happens to a left-over.
    public enum Action: String, Hashable, Sendable {
        /// It gets the ladder.
        case end
        /// It lives on.
        case keep
        /// It is written down and lives on.
        case report
    }

    /// What the rule is called in messages.
    public var name: String
    /// What it says.
    public var action: Action
    /// The programs it is about; nil: all.
    public var programs: Programs?
    /// The effective uids it is about; nil: all.
    public var owners: Set<UInt32>?
    /// Only processes that have lived for this long.
    public var minimumAge: Duration?
    /// How long after the session's end it keeps; nil: for ever.
    public var lasting: Duration?

    /// A rule that says `action` for every process for which all the conditions hold.
    public init(
        name: String, action: Action, programs: Programs? = nil, owners: Set<UInt32>? = nil,
        minimumAge: Duration? = nil, lasting: Duration? = nil
    ) {
        self.name = name
        self.action = action
        self.programs = programs
        self.owners = owners
        self.minimumAge = minimumAge
        self.lasting = lasting
    }

    /// A rule that says `action` for every process that runs `executable`.
    public init(name: String, executable: ExecutableIdentity, action: Action) {
        self.init(name: name, action: action, programs: Programs(identities: [executable]))
    }

    /// A rule that spares everybody, for this reason.
    public static func keepAll(_ reason: String) -> Rule { Rule(name: reason, action: .keep) }

    /// Whether it fits this process as it was seen. What is not known of it, it does not have.
    public func fits(_ process: ObservedProcess) -> Bool {
        if let owners {
            guard let owner = process.owner, owners.contains(owner) else { return false }
        }
        if let minimumAge {
            guard let age = process.age, age >= minimumAge else { return false }
        }
        return programs?.include(process) ?? true
    }
}
