// SPDX-License-Identifier: Apache-2.0

/// `[Keep]`: who may take a lease.
public struct KeepSettings: Settings, Hashable {
    /// These users, and root.
    public var allowed: [UserMatch] = []
    /// The longest lease.
    public var longest = Duration.seconds(86400)

    /// The defaults.
    public init() {}
}
