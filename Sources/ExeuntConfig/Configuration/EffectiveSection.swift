// SPDX-License-Identifier: Apache-2.0

/// A section of a configuration that is in force.
public struct EffectiveSection: Hashable, Sendable {
    /// What stands between the brackets.
    public let name: String
    /// All its settings.
    public let settings: [EffectiveSetting]
}

/// A setting of it.
public struct EffectiveSetting: Hashable, Sendable {
    /// What stands before the `=`.
    public let key: String
    /// What could be written behind it; empty for an empty list, and for nothing at all.
    public let value: String
    /// Where it was set; for a list, each place that has added to it. Empty: it is the default.
    public let origins: [Place]
}
