// SPDX-License-Identifier: Apache-2.0

/// One process as an observation saw it: who it is, and why it is thought to belong to the session.
public struct ObservedProcess: Hashable, Sendable {
    /// Who it is.
    public var identity: ProcessIdentity
    /// The pid of its parent at that moment; orphans have the keeper (the nearest subreaper) as parent.
    public var parent: Int32
    /// Its process group.
    public var group: Int32
    /// Its effective uid, where it could be read.
    public var owner: UInt32?
    /// The kernel's name of it (`comm`), raw: users choose it, so it decides nothing and is escaped before it is shown.
    public var name: [UInt8]
    /// The path of its executable, raw, where it could be read.
    public var executable: [UInt8]?
    /// Device and inode of its executable; read only when a rule asks for it.
    public var executableIdentity: ExecutableIdentity?
    /// Whether it sees the mounts that Exeunt sees, so that its executable's path means what it says; nil: not known.
    public var sharesMounts: Bool?
    /// How long it has lived, where a rule asks for it.
    public var age: Duration?
    /// Whether it has been moved into a unit of its own by a user's service manager (`systemd-run --user --scope`).
    public var isInOwnUnit = false
    /// Whether it is a thread of the kernel's own (`PF_KTHREAD`).
    public var isKernelThread: Bool
    /// The kernel's letter for its state, proc_pid_stat(5) field 3; `D` is a sleep that no signal interrupts.
    public var state: UInt8
    /// Why it counts as a member.
    public var evidence: Evidence
    /// Whether it goes without being asked: it has begun to exit, or is what its leader, which is leaving, has logged the
    /// user in by. It is no left-over unless it has to be killed.
    public var isLeaving = false

    /// Describes a process; everything but its identity and evidence may be unknown.
    public init(
        identity: ProcessIdentity, parent: Int32 = 0, group: Int32 = 0, owner: UInt32? = nil, name: [UInt8] = [],
        executable: [UInt8]? = nil, executableIdentity: ExecutableIdentity? = nil, sharesMounts: Bool? = nil,
        age: Duration? = nil, isKernelThread: Bool = false, state: UInt8 = UInt8(ascii: "S"), evidence: Evidence
    ) {
        self.identity = identity
        self.parent = parent
        self.group = group
        self.owner = owner
        self.name = name
        self.executable = executable
        self.executableIdentity = executableIdentity
        self.sharesMounts = sharesMounts
        self.age = age
        self.isKernelThread = isKernelThread
        self.state = state
        self.evidence = evidence
    }
}
