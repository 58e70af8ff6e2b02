// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What would happen to a member of a session at its end.
public struct PreviewedMember: Sendable {
    /// Who it is.
    public let process: ObservedProcess
    /// What would happen.
    public let action: Rule.Action
    /// By which rule; nil for what happens to everybody.
    public let rule: String?
}

extension LoginEnding {
    /// Looks at the session as its ending would, and does nothing.
    public func preview(_ table: ProcessTable) throws -> [PreviewedMember] {
        let members = try LoginTrackers(self, table: table).observe(hasChildren: false, scanning: true).members
        var book = RuleBook(rules: rules, ownUnits: ownUnits, sparedBefore: sparedBefore)
        return zip(members, book.decide(members)).map { process, ruling in
            let action = mode == .report && ruling.action == .end ? Rule.Action.report : ruling.action
            return PreviewedMember(process: process, action: action, rule: ruling.rule)
        }
    }
}
