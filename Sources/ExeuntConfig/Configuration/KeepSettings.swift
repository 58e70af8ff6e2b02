// SPDX-License-Identifier: Apache-2.0

/// `[Keep]`: who may take a lease.
public struct KeepSettings: Settings, Hashable {
    /// These users, and root.
    public internal(set) var allowed: [UserMatch] = []
    /// The longest lease.
    public internal(set) var longest = Duration.seconds(86400)
}
