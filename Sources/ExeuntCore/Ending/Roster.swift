// SPDX-License-Identifier: Apache-2.0

/// Everybody an ending has come across, in the order of discovery.
public struct Roster: Sendable {
    /// The most processes a roster holds; a racer can make hundreds of thousands, and a record must stay bounded.
    public static let capacity = 20_000

    /// The members.
    public private(set) var members: [Member] = []
    /// Those a record tells of: all but who has left, or is leaving, by itself. Whether a look still catches it is chance.
    public var leftOvers: some Sequence<Member> { members.lazy.filter { !$0.hasJustLeft } }
    /// How many more there were than the roster holds.
    public private(set) var omitted = 0
    private var places: [ProcessIdentity: Int] = [:]

    /// The members that have not been found gone.
    public var remaining: Int { present.count }
    /// Those of them that are waited for: nothing spares them.
    public var awaited: Int { present.count - spared.count }
    private var present: Set<ProcessIdentity> = []
    /// The present ones that live on; counted anew for each exit they would make an ending quadratic.
    private var spared: Set<ProcessIdentity> = []
    /// Those that it has no room for and that were alive when last seen, so that each is counted once.
    private var crowded: Set<ProcessIdentity> = []

    init() {}

    /// The member of this identity, if it is known.
    public subscript(identity: ProcessIdentity) -> Member? { places[identity].map { members[$0] } }

    /// Enters a process, or adds to the evidence of one that is known.
    ///
    /// - Returns: whether it was new.
    @discardableResult
    mutating func enter(_ process: ObservedProcess) -> Bool {
        if let place = places[process.identity] {
            members[place].process.evidence.formUnion(process.evidence)
            members[place].process.state = process.state
            members[place].process.isLeaving = process.isLeaving
            // A listing that came back short had made it look gone.
            if members[place].isGone {
                members[place].revive()
                present.insert(process.identity)
                spared.remove(process.identity)
            }
            return false
        }
        guard members.count < Self.capacity else {
            let isNew = crowded.insert(process.identity).inserted
            if isNew { omitted += 1 }
            return isNew
        }
        places[process.identity] = members.count
        members.append(Member(process))
        present.insert(process.identity)
        return true
    }

    /// Changes one member; an unknown one is ignored.
    mutating func update(_ identity: ProcessIdentity, _ change: (inout Member) -> Void) {
        guard let place = places[identity] else { return }
        change(&members[place])
        if members[place].isGone { present.remove(identity) }
        if members[place].livesOn { spared.insert(identity) } else if !spared.isEmpty { spared.remove(identity) }
    }

    /// Whether somebody whom nothing is to be done about was there, and is not among these.
    func hasLost(anySparedOutside alive: Set<ProcessIdentity>) -> Bool { !spared.isSubset(of: alive) }

    /// Notes that everybody who is not in `alive` is gone.
    mutating func keepOnly(_ alive: Set<ProcessIdentity>, at now: Instant) {
        for identity in present where !alive.contains(identity) {
            update(identity) { $0.depart(at: now) }
        }
        if !crowded.isEmpty { crowded.formIntersection(alive) }
    }
}
