// SPDX-License-Identifier: Apache-2.0

/// What a process may do is judged by: real, effective, saved and file-system ids alike.
public struct Credentials: Hashable, Sendable {
    /// The user.
    public var uid: UInt32
    /// The primary group.
    public var gid: UInt32
    /// The supplementary groups, all of them. The kernel takes 65,536.
    public var groups: [UInt32]

    /// Credentials of these ids; none of them is looked up.
    public init(uid: UInt32, gid: UInt32, groups: [UInt32] = []) {
        self.uid = uid
        self.gid = gid
        self.groups = groups
    }
}
