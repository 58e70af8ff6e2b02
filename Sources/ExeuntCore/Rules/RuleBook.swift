// SPDX-License-Identifier: Apache-2.0

/// Applies the rules to observations, and remembers whom they spared: a kept program's child stays kept when its
/// parent has gone.
public struct RuleBook: Sendable {
    private let rules: [Rule]
    private var decided: [ProcessIdentity: Rule.Action] = [:]
    /// The same by pid, for a child whose parent the observation has missed.
    private var spared: [Int32: Rule.Action] = [:]

    /// The rules in the order in which they are tried.
    public init(rules: [Rule]) { self.rules = rules }

    /// Whether there is nothing to decide: everything ends.
    public var isEmpty: Bool { rules.isEmpty }

    /// Says for each member what happens to it; the order is that of `members`.
    public mutating func decide(_ members: [ObservedProcess]) -> [Rule.Action] {
        if rules.isEmpty { return Array(repeating: .end, count: members.count) }
        var byPID: [Int32: ObservedProcess] = [:]
        for member in members { byPID[member.identity.pid] = member }
        return members.map { decide($0, among: byPID) }
    }

    private mutating func decide(_ member: ObservedProcess, among byPID: [Int32: ObservedProcess]) -> Rule.Action {
        // Walk up to the first process that a rule has spoken about. Only members count, so the walk ends at the
        // session's edge; a chain longer than the number of members would be a loop of forged parents.
        var chain: [ProcessIdentity] = []
        var current: ObservedProcess? = member
        var action = Rule.Action.end
        while let process = current, chain.count <= byPID.count {
            chain.append(process.identity)
            if let known = decided[process.identity] ?? match(process) {
                action = known
                break
            }
            current = byPID[process.parent]
            if current == nil, let known = spared[process.parent] { action = known }
        }
        if action != .end {
            for identity in chain {
                decided[identity] = action
                spared[identity.pid] = action
            }
        }
        return action
    }

    private func match(_ process: ObservedProcess) -> Rule.Action? {
        guard let executable = process.executableIdentity else { return nil }
        return rules.first { $0.executable == executable }?.action
    }
}
