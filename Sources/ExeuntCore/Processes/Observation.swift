// SPDX-License-Identifier: Apache-2.0

/// What the trackers saw in one look at the host.
public struct Observation: Sendable {
    /// The members that were alive; zombies are not.
    public var members: [ObservedProcess]
    /// True when the kernel itself vouches that nothing else exists: the cgroup is not populated and no child is left.
    /// A walk through `/proc` never vouches: a listing can come back short.
    public var isCertain: Bool

    /// An observation of these members.
    public init(members: [ObservedProcess], isCertain: Bool) {
        self.members = members
        self.isCertain = isCertain
    }
}
