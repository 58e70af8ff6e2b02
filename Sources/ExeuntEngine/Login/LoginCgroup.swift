// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// The cgroup of a log-in's session.
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

    /// nil when it has been removed.
    func open() throws(SystemError) -> Cgroup? {
        do throws(SystemError) {
            return try Cgroup.open(path)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }
}
