// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Looks for the members of one session. Payloads descend from whoever looks, log-ins do not: all else about an ending is
/// the same for both.
protocol SessionTracking: AnyObject {
    /// The ways in which it looks.
    var trackers: [Tracker] { get }
    /// The session's cgroup, if it has one that can be killed.
    var cgroup: Cgroup? { get }

    /// One look at the host.
    ///
    /// - Parameters:
    ///   - hasChildren: whether this process has a child left, other than a leader that is kept as a zombie.
    ///   - scanning: whether there is time to look through all of /proc; while exits stream in there is not.
    func observe(hasChildren: Bool, scanning: Bool) throws(SystemError) -> Observation
    /// Whether the number of this process is certain to be its own until it is reaped here.
    func isOwnChild(_ identity: ProcessIdentity) -> Bool
    /// What is known of a child that waits to be reaped; nil for one that has nothing to do with the session.
    func describeZombie(_ pid: Int32) throws(SystemError) -> ObservedProcess?
    /// Notes a child that has nothing to do with the session.
    func exclude(_ pid: Int32)
    /// Notes that a child is about to be reaped: a member may get its number.
    func noteReaped(_ pid: Int32)
    /// Removes the cgroup, if it is Exeunt's and nobody is in it.
    func removeCgroup() throws(SystemError)
}
