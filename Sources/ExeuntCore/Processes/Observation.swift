// SPDX-License-Identifier: Apache-2.0

/// What the trackers saw in one look at the host.
public struct Observation: Sendable {
    /// The members that were alive; zombies are not.
    public var members: [ObservedProcess]
    /// True when the kernel itself vouches that nothing else exists: the cgroup is not populated and no child is left.
    /// A walk through `/proc` never vouches: a listing can come back short.
    public var isCertain: Bool
    /// True when members have exited that no look has shown, or the kernel says that there are some and none was seen:
    /// somebody forks and exits faster than can be seen, and to have seen nobody proves nothing.
    public var hasUnseen: Bool

    /// An observation of these members.
    public init(members: [ObservedProcess], isCertain: Bool, hasUnseen: Bool = false) {
        self.hasUnseen = hasUnseen
        self.members = members
        self.isCertain = isCertain
    }
}
