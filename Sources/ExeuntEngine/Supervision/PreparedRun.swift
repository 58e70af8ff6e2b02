// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A request for which everything has been made that front and keeper share, before the one forks the other.
struct PreparedRun {
    let id: String
    let request: RunRequest
    let rules: [Rule]
    /// Civil time of the opening, in nanoseconds since 1970.
    let opened: Int64
    let signals: SignalQueue
    /// What is started and how, apart from what the keeper alone can say: cgroup, terminal, audit session.
    let payload: SpawnRequest
    /// The limit of descriptors that this process had: Exeunt raises its own.
    let descriptorLimit: ResourceLimit
    /// Whether the payload may have the caller's terminal.
    let usesTerminal: Bool
    let table: ProcessTable
    /// Children that this process had already, since exec keeps them: no part of the session, although they descend
    /// from the front, which may have to take it over.
    let earlierChildren: Set<Int32>
    /// The hooks around the ladder.
    let hooks: HookList
    /// Variables that are left out where the kernel would not take them all.
    let spareVariables: [[UInt8]]
    /// What is written by a payload that is a hook, if that is kept.
    let output: HookOutput?
    /// The log-in whose session is ended, where that is no payload's.
    let login: LoginEnding?

    /// Every signal that is Exeunt's business to pass on or to act upon, and those that must not hit it.
    private static let blocked: [Signal] = [
        .term, .int, .hup, .quit, .usr1, .usr2, .winch, .cont, .tstp, .ttin, .ttou, .chld, .pipe, .xfsz,
    ]

    init(_ request: RunRequest) throws {
        self.request = request
        // Its numbers would be those of other processes: nobody would be found, or the wrong ones.
        if ProcView.current() == .foreign {
            throw SystemError("find", "this process in /proc, which is of another pid namespace", .noSuchProcess)
        }
        opened = CivilClock.now()
        id = SessionID.make()
        rules = try request.keepExecutables.map { path in
            let file = try FileIdentity.of(path: path)
            return Rule(
                name: "keep-exe \(path)", executable: ExecutableIdentity(device: file.device, inode: file.inode),
                action: .keep)
        }
        var payload = request.payload(session: id)
        // As its caller had it (nohup), since Exeunt must be as if it were not there.
        payload.ignoredSignals = CurrentProcess.ignoredSignals()
        // A caller may have left it ignored, and then the kernel would reap the children itself.
        try CurrentProcess.setIgnored(.chld, false)
        descriptorLimit = try CurrentProcess.raiseDescriptorLimit()
        if payload.limits[.nofile] == nil { payload.limits[.nofile] = descriptorLimit }
        signals = try SignalQueue(blocking: Self.blocked)
        payload.signalMask = signals.originalMask
        self.payload = payload
        // Another identity has a kernel session of its own, in which the terminal controls nothing.
        usesTerminal = request.identity == nil
        table = try ProcessTable()
        hooks = try request.hooks.map(HookList.init(_:)) ?? .none
        spareVariables = []
        output = nil
        login = nil
        let isInit = CurrentProcess.pid == 1
        earlierChildren = isInit ? [] : Set(try table.everyChild(of: CurrentProcess.pid))
        let isHookless = hooks.before.isEmpty && hooks.after.isEmpty
        try CurrentProcess.requireDescriptors(Self.descriptorsNeeded + (isHookless ? 0 : Self.descriptorsOfHooks))
    }

    /// The run of a hook, for the session of `parent`.
    init(
        _ hook: Hook, for parent: PreparedRun, _ payload: SpawnRequest, spare: [[UInt8]], output: HookOutput?
    ) throws(SystemError) {
        id = hook.session
        request = RunRequest(
            command: [hook.path], ladder: HookPlan.ladder, unkillable: parent.request.unkillable,
            timeLimit: hook.setup.timeout)
        rules = []
        opened = CivilClock.now()
        signals = parent.signals
        self.payload = payload
        descriptorLimit = parent.descriptorLimit
        usesTerminal = false
        // The parent reads its own while this one is at work.
        table = try ProcessTable()
        earlierChildren = []
        hooks = .none
        spareVariables = spare
        self.output = output
        login = nil
    }

    /// The end of a log-in's session, in a process of the daemon's that was forked for it.
    init(_ login: LoginEnding) throws {
        id = login.session
        var request = RunRequest(
            command: [], trackers: login.trackers, mode: login.mode, ladder: login.ladder,
            unkillable: login.unkillable, hooks: login.hooks)
        // For hooks only: a directory of users can be far away, and slow.
        if login.hooks != nil { request.identity = try PayloadIdentity.known(uid: login.owner) }
        self.request = request
        rules = login.rules
        opened = login.opened
        // A daemon may have left it ignored, and then the kernel would reap the children itself.
        try CurrentProcess.setIgnored(.chld, false)
        signals = try SignalQueue(blocking: Self.blocked)
        payload = SpawnRequest(arguments: [], environment: [])
        descriptorLimit = try ResourceLimit.current(.nofile)
        usesTerminal = false
        table = try ProcessTable()
        earlierChildren = []
        hooks = login.hooks.map(HookList.init(whateverIsWrongWith:)) ?? .none
        spareVariables = []
        output = nil
        self.login = login
    }

    /// Whose session it is.
    var owner: UInt32 { login?.owner ?? request.owner }

    /// What the payload runs, for people.
    var shownCommand: [[UInt8]] { login == nil ? request.shownCommand : [] }

    /// Whoever had the payload run, where that is told.
    var callerToShow: UInt32? { request.identity == nil || login != nil ? nil : request.caller }

    /// More than are open at any one time, a few for nested cgroups included. To run out of them later would be worse
    /// than not to begin.
    private static let descriptorsNeeded = 16
    /// What a hook takes beside them, in the process that keeps it, which begins with all that this one has.
    private static let descriptorsOfHooks = 24

    /// How the ending of a session goes that is tracked in these ways.
    func plan(for choice: TrackerChoice.Choice) -> EndingPlan {
        EndingPlan(
            mode: request.mode, ladder: request.ladder, unkillable: request.unkillable, rules: rules,
            leaderFirst: request.leaderFirst, hasCgroup: choice.cgroup != nil, hooks: hookPlan)
    }

    /// Its part that concerns hooks.
    var hookPlan: HookPlan {
        HookPlan(
            before: hooks.before.count, after: hooks.after.count,
            timeout: request.hooks?.timeout ?? .zero, unkillable: request.unkillable)
    }

    /// Lets go of what was inherited, so that the payload alone decides how long it stays open. Standard error stays,
    /// for messages, and standard output where the record goes there.
    func releaseInheritedDescriptors() throws(SystemError) {
        try CurrentProcess.closeInheritedDescriptors(
            replacingStandard: request.needsStandardOutput ? [0] : [0, 1])
    }
}
