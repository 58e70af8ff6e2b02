// SPDX-License-Identifier: Apache-2.0

/// Why a path is not trusted. Nothing of it was executed or read.
public struct TrustRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// As it was asked for.
    public let path: [UInt8]
    /// The part of the path, from its start, that breaks the rule.
    public let component: [UInt8]
    /// Which rule, and what was found.
    public let rule: TrustRule

    /// A refusal of these values.
    public init(path: [UInt8], component: [UInt8], rule: TrustRule) {
        self.path = path
        self.component = component
        self.rule = rule
    }

    /// The whole reason, for root and for the log.
    public var description: String {
        let place = component == path ? "it" : String(decoding: component, as: UTF8.self)
        return "\(String(decoding: path, as: UTF8.self)) is not trusted: \(place) \(rule.finding)"
    }

    /// For a caller who is not root, when it was root who looked: the same for every rule, so that nobody learns
    /// what there is in places that are not for him.
    public var textForOthers: String { "\(String(decoding: path, as: UTF8.self)) is not there, or not trusted" }
}
