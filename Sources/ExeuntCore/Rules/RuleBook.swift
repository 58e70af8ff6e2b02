// SPDX-License-Identifier: Apache-2.0

/// Applies the rules to observations, and remembers whom they spared: a kept program's child stays kept when its
/// parent has gone.
public struct RuleBook: Sendable {
    private let rules: [Rule]
    /// What happens to who is in a unit of its own; nil, and to end: the same as to everybody.
    private let ownUnits: Ruling?
    private var decided: [ProcessIdentity: Ruling] = [:]
    /// The same by pid, for a child whose parent the observation has missed.
    private var spared: [Int32: Ruling] = [:]

    /// The rules in the order in which they are tried.
    ///
    /// - Parameters:
    ///   - ownUnits: what happens to who is in a unit of its own, before any rule is asked. Where a process is decides, and
    ///     not what it descends from: a child that has stayed in the session is like all others.
    ///   - before: whom an earlier ending of the same session has spared, and by which rule. It stays so as long as that rule
    ///     spares.
    public init(rules: [Rule], ownUnits: Ruling? = nil, sparedBefore before: [ProcessIdentity: String] = [:]) {
        self.rules = rules
        self.ownUnits = ownUnits?.action == .end ? nil : ownUnits
        for (identity, name) in before {
            guard let rule = rules.first(where: { $0.name == name }), rule.action != .end else { continue }
            remember(identity, Ruling(rule.action, rule: name))
        }
    }

    /// Whether there is nothing to decide: everything ends.
    public var isEmpty: Bool { rules.isEmpty }

    /// Says for each member what happens to it; the order is that of `members`.
    public mutating func decide(_ members: [ObservedProcess]) -> [Ruling] {
        if rules.isEmpty { return members.map { ofOwnUnit($0) ?? Ruling(.end) } }
        var byPID: [Int32: ObservedProcess] = [:]
        for member in members { byPID[member.identity.pid] = member }
        return members.map { ofOwnUnit($0) ?? decide($0, among: byPID) }
    }

    private func ofOwnUnit(_ member: ObservedProcess) -> Ruling? { member.isInOwnUnit ? ownUnits : nil }

    private mutating func decide(_ member: ObservedProcess, among byPID: [Int32: ObservedProcess]) -> Ruling {
        // Walk up to the first process that a rule has spoken about. Only members count, so the walk ends at the
        // session's edge; a chain longer than the number of members would be a loop of forged parents.
        var chain: [ProcessIdentity] = []
        var current: ObservedProcess? = member
        var ruling = Ruling(.end)
        while let process = current, chain.count <= byPID.count {
            chain.append(process.identity)
            if let known = decided[process.identity] ?? match(process) {
                ruling = known
                break
            }
            current = byPID[process.parent]
            if current == nil, let known = spared[process.parent] { ruling = known }
        }
        if ruling.action != .end {
            for identity in chain { remember(identity, ruling) }
        }
        return ruling
    }

    private mutating func remember(_ identity: ProcessIdentity, _ ruling: Ruling) {
        decided[identity] = ruling
        spared[identity.pid] = ruling
    }

    private func match(_ process: ObservedProcess) -> Ruling? {
        rules.first { $0.fits(process) }.map { Ruling($0.action, rule: $0.name) }
    }
}
