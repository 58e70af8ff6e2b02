// SPDX-License-Identifier: Apache-2.0

/// The cgroup of a log-in's session, or of a lease.
public struct LoginCgroup: Hashable, Sendable {
    /// Its directory.
    public let path: String
    /// As `/proc/PID/cgroup` shows it to Exeunt.
    public let shown: String
    /// Whether Exeunt has made it; else somebody who manages cgroups has, and nothing is moved or removed.
    public let isOwn: Bool

    /// A cgroup of this place.
    public init(path: String, shown: String, isOwn: Bool) {
        self.path = path
        self.shown = shown
        self.isOwn = isOwn
    }
}
