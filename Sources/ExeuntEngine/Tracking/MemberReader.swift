// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Turns pids with evidence into identified processes.
final class MemberReader {
    private let table: ProcessTable
    private let keeper: Int32
    /// What the rules need to know: which file a process runs, whose mounts it sees, how long it has lived.
    private let readsPrograms: Bool
    private let readsMounts: Bool
    private let readsAges: Bool
    private var readsAnew: Bool { readsPrograms || readsMounts || readsAges }
    private var ownMounts: FileIdentity?
    /// What does not change while a process lives, kept from look to look. Exec changes the program, so that a process
    /// whose name has changed is read anew.
    private var known: [ProcessIdentity: ObservedProcess] = [:]
    /// Children of the keeper's that were seen alive: the number is theirs until they are reaped here.
    private var children: [Int32: ProcessIdentity] = [:]

    init(table: ProcessTable, keeper: Int32, rules: [Rule]) {
        self.table = table
        self.keeper = keeper
        readsPrograms = rules.askForPrograms
        readsMounts = rules.askForPaths
        readsAges = rules.askForAges
        ownMounts = readsMounts ? Self.mounts(of: CurrentProcess.pid) : nil
    }

    /// try?: whoever is gone, or not for the caller to know, sees nobody's mounts.
    private static func mounts(of pid: Int32) -> FileIdentity? { try? FileIdentity.of(path: "/proc/\(pid)/ns/mnt") }

    /// The process behind `stat`, with what else can be told about it.
    func describe(_ stat: ProcessStat, evidence: Evidence) throws(SystemError) -> ObservedProcess {
        let identity = ProcessIdentity(pid: stat.pid, startTime: stat.startTime)
        if var process = known[identity], process.name == stat.name, !readsAnew {
            process.parent = stat.parent
            process.group = stat.group
            process.state = stat.state
            process.evidence = evidence
            if stat.parent == keeper { children[stat.pid] = identity }
            return process
        }
        if stat.parent == keeper { children[stat.pid] = identity }
        let process = ObservedProcess(
            identity: identity, parent: stat.parent, group: stat.group, owner: table.effectiveUID(stat.pid),
            name: stat.name, executable: table.executablePath(stat.pid),
            executableIdentity: readsPrograms
                ? table.executableIdentity(stat.pid).map { ExecutableIdentity(device: $0.device, inode: $0.inode) }
                : nil,
            sharesMounts: readsMounts ? Self.mounts(of: stat.pid).map { $0 == ownMounts } : nil,
            age: readsAges ? BootTicks.age(of: stat.startTime) : nil, isKernelThread: stat.isKernelThread,
            state: stat.state, evidence: evidence)
        known[identity] = process
        return process
    }

    /// Whether a look has shown this process.
    func hasSeen(_ identity: ProcessIdentity) -> Bool { known[identity] != nil }

    /// Whether this is a child of the keeper's that has not been reaped: its number cannot name another process.
    func isOwnChild(_ identity: ProcessIdentity) -> Bool { children[identity.pid] == identity }

    /// Whether the process behind `stat` certainly is the one that had the number when `listing` was made.
    ///
    /// It is if it was started in an earlier clock tick than the listing, or is the keeper's own child, whose number
    /// cannot be used again before it is reaped.
    func wasListed(_ stat: ProcessStat, in listing: Listing) -> Bool {
        stat.startTime < listing.began || stat.parent == keeper
    }

    /// What can still be told about a child of the keeper's that has exited and is about to be reaped.
    ///
    /// - Parameter leaf: the session's cgroup as `/proc/PID/cgroup` shows it.
    func describeZombie(_ pid: Int32, leaf: [UInt8]?) throws(SystemError) -> ObservedProcess? {
        if let identity = children.removeValue(forKey: pid), let process = known[identity] { return process }
        guard let stat = try table.stat(pid) else { return nil }
        let identity = ProcessIdentity(pid: pid, startTime: stat.startTime)
        if let process = known[identity] { return process }
        var evidence: Evidence = .descent
        if let leaf, try table.cgroupPath(pid)?.starts(with: leaf) == true { evidence.insert(.cgroup) }
        return ObservedProcess(
            identity: identity, parent: stat.parent, group: stat.group, owner: table.effectiveUID(pid),
            name: stat.name, state: stat.state, evidence: evidence)
    }
}
