// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// Members in the order of their descent: each behind its parent, siblings by age.
public struct MemberTree: Sendable {
    /// A member with how many of its ancestors are members.
    public struct Entry: Hashable, Sendable {
        /// Itself.
        public let member: MemberDescription
        /// How many members it descends from.
        public let depth: Int
    }

    /// Everybody, once.
    public let entries: [Entry]

    /// Whoever has no parent among them begins a tree of his own.
    public init(_ members: [MemberDescription]) {
        let ordered = members.sorted { ($0.startTime, $0.pid) < ($1.startTime, $1.pid) }
        let pids = Set(ordered.map(\.pid))
        let children = Dictionary(grouping: ordered, by: \.parent)
        var entries: [Entry] = []
        var seen = Set<Int32>()
        // Deepest last, without recursion: a chain of processes can be longer than the stack. A pid that was reused while
        // everybody was looked at can close a circle: who is in one begins a tree when all others have been seen.
        for root in ordered.filter({ !pids.contains($0.parent) }) + ordered {
            var waiting = [Entry(member: root, depth: 0)]
            while let next = waiting.popLast() {
                guard seen.insert(next.member.pid).inserted else { continue }
                entries.append(next)
                let below = (children[next.member.pid] ?? []).filter { !seen.contains($0.pid) }
                waiting += below.reversed().map { Entry(member: $0, depth: next.depth + 1) }
            }
        }
        self.entries = entries
    }
}
