// SPDX-License-Identifier: Apache-2.0

/// What happens to one process, and which rule says so.
public struct Ruling: Hashable, Sendable {
    /// What happens.
    public var action: Rule.Action
    /// The rule that fits it, or the ancestor that it follows; nil if none does.
    public var rule: String?

    /// This action by this rule.
    public init(_ action: Rule.Action, rule: String? = nil) {
        self.action = action
        self.rule = rule
    }
}
