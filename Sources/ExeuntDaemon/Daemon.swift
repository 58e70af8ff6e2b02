// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// The daemon: brings what happens to sessions to the registry, and carries out what it answers. One thread, one loop.
public final class Daemon {
    let places: DaemonPlaces
    let loop: EventLoop
    let table: ProcessTable
    let cgroups: LoginCgroups
    let ledger: Ledger
    let endings: EndingFiles
    let records: RecordSpool
    let pending: StateDirectory
    let unreadable: UnreadableFiles
    let stragglers = Stragglers()
    let state: StateDirectory
    var log: SessionLog
    var metrics = Metrics()
    var metricsTimer: TimerID?
    /// In force, with where everything stands.
    private var configuration: EffectiveConfiguration
    var settings: Configuration
    var registry = Registry()
    /// Beyond these, descriptors are for leaders alone.
    let mostDescriptors: CInt
    private let isEchoed: Bool
    private let signals: SignalQueue
    private let lock: LockedFile
    private(set) var socket: ControlSocket?
    private var timer: TimerID?
    /// Of active sessions.
    var leaders: [String: WatchedProcess] = [:]
    /// The connections of active sessions that have come from elsewhere.
    var transports: [String: Transport] = [:]
    var enders: [String: Ender] = [:]
    /// Sessions that wait for their turn, when many end at once.
    var queuedEnders: [String] = []
    /// How often enders of a session have failed.
    var enderFailures: [String: Int] = [:]
    /// Who reads records now; nil stands for those who see all.
    var histories: [UInt32?: HistoryTurn] = [:]
    /// Endings that begin as soon as whatever is at hand has been answered, and what is to be told to them then.
    var starting: [String: [EnderNews]] = [:]
    /// Sessions that could not be written into the ledger: a daemon that was killed now would not find them.
    var unstored: Set<String> = []
    /// Whose requests for leases are not answered yet, by the ids that the leases would get.
    var asking: [String: UInt32] = [:]
    /// Looks for scopes that no lease has.
    var strayLeases: StrayLeases?
    /// Whoever writes records now, when that is tried again, and how often it has failed.
    var recordWriter: WatchedProcess?
    var recordTimer: TimerID?
    var recordFailures = 0
    var noteWatch: DirectoryWatch?
    var noteTimer: TimerID?
    /// Who is meant by the names in notes, as far as that has been found out, and which of them are being looked up.
    var namedUsers: [String: NamedUser] = [:]
    var lookedUp: Set<String> = []
    /// Cgroups in which somebody is kept.
    var kept: [String: WatchedCgroup] = [:]
    /// Whoever waits for a session to be empty, or to be over.
    var waiting: [String: [EndWaiter]] = [:]
    private var events: [RegistryEvent] = []

    /// Makes what it needs. A second daemon of the same places is refused (EBUSY).
    public init(_ places: DaemonPlaces = DaemonPlaces(), isEchoed: Bool) throws {
        self.places = places
        state = try StateDirectory(places.run, mode: 0o755)
        guard let lock = try LockedFile.take("lock", in: state) else {
            let pid = try LockedFile.holder(of: "lock", in: state)
            throw SystemError(
                "start", "exeuntd, which runs already\(pid.map { " as process \($0)" } ?? "")", .resourceBusy)
        }
        self.lock = lock
        self.isEchoed = isEchoed
        let loaded = try ConfigurationLoader.loadForLogins()
        configuration = loaded.configuration
        settings = configuration.values
        log = SessionLog(settings.daemon.facility, isEchoed: isEchoed)
        for remark in loaded.remarks { log.said(.warning, "logind passes over: \(remark)") }
        _ = try CurrentProcess.raiseDescriptorLimit()
        mostDescriptors = CInt(clamping: (try ResourceLimit.current(.nofile).soft ?? 1 << 20) / 4 * 3)
        signals = try SignalQueue(blocking: [.term, .int, .hup, .chld, .pipe, .xfsz])
        try CurrentProcess.setIgnored(.chld, false)
        loop = try EventLoop()
        table = try ProcessTable()
        cgroups = try LoginCgroups.locate()
        unreadable = try UnreadableFiles(places.run + "/unreadable")
        ledger = try Ledger(places.run + "/sessions", unreadable)
        endings = try EndingFiles(places.run + "/endings")
        records = try RecordSpool(places.run + "/records", lockIn: state)
        pending = try StateDirectory(places.run + "/pending", mode: 0o700)
    }

    /// What of root's rights is needed: to find, to signal and to move everybody, to become whoever hooks run as, to give
    /// files to them, and to keep limits from being anybody else's.
    private static let capabilities: Capabilities = [
        .kill, .dacOverride, .dacReadSearch, .sysPtrace, .setuid, .setgid, .setpcap, .auditControl, .sysResource,
        .chown, .fowner,
    ]

    /// Runs until it is told to stop. Sessions go on without it.
    public func run() throws {
        try Capabilities.keepOnly(Self.capabilities)
        noting(nil) { try leaveSession() }
        // From now on, so that no note is missed: those that come while sessions are recovered are looked at later.
        try watchNotes()
        try recover()
        socket = try ControlSocket(path: places.socket, on: loop, service: self, version: "0.1.0") { [self] text in
            log.said(.warning, text)
        }
        var isStopping = false
        try loop.watch(signals.descriptor, for: .read) { [self] _ in
            // try?: a queue that cannot be read has nothing to say.
            while let received = try? signals.next() {
                switch received.signal {
                case .term, .int: isStopping = true
                case .hup: reload()
                case .chld: stragglers.reap()
                default: break
                }
            }
            if isStopping { loop.stop() }
        }
        writeMetrics()
        // Log-ins are served meanwhile.
        lookUpAccounts(of: configuration) { [self] in
            ServiceManager.notify("READY=1")
            log.said(.information, "started: \(registry.sessions.count) sessions")
        }
        try loop.run()
        ServiceManager.notify("STOPPING=1")
        socket?.close()
        log.said(.information, "stopped: \(registry.sessions.count) sessions go on")
    }

    /// An administrator may have started the daemon from within a session, whose end it would not outlive.
    private func leaveSession() throws {
        guard let own = try ProcessHandle.open(pid: CurrentProcess.pid) else { return }
        switch try cgroups.place(of: own.pid) {
        case .session, .lease: try cgroups.moveOut(own)
        case .other: break
        }
    }

    /// Reads the configuration anew. A bad one changes nothing. Who is in the group is asked anew whatever it says.
    private func reload() {
        ServiceManager.notify("RELOADING=1\nMONOTONIC_USEC=\(MonotonicInstant.now().nanoseconds / 1000)")
        do throws(ConfigurationFaults) {
            configuration = try ConfigurationLoader.loadForLogins().configuration
            settings = configuration.values
            log = SessionLog(settings.daemon.facility, isEchoed: isEchoed)
            writeMetrics()
            log.said(.information, "reloaded")
        } catch {
            for fault in error.description.split(separator: "\n") {
                log.said(.error, "the configuration is bad, and the earlier one stays in force: \(fault)")
            }
        }
        lookUpAccounts(of: configuration) { ServiceManager.notify("READY=1") }
    }

    /// Tells the host's log why there is no daemon: nobody may be reading its standard error.
    public static func noteFailure(_ error: any Error) {
        let log = SessionLog(DaemonSettings().facility)
        for line in "\(error)".split(separator: "\n") { log.said(.error, "exeuntd cannot run: \(line)") }
    }

    /// Passes an event to the registry, carries out its answer, and goes on with what that has caused.
    func feed(_ event: RegistryEvent) {
        events.append(event)
        // An event that an action causes is handled after the actions that were asked for before it.
        guard events.count == 1 else { return }
        while let next = events.first {
            for action in registry.handle(next, at: .now()) { perform(action) }
            events.removeFirst()
        }
    }

    /// What a process does first that was forked from the daemon.
    ///
    /// - Parameter kept: a connection that it needs.
    func letGo(except kept: CInt? = nil) {
        for transport in transports.values { transport.letGo() }
        for ender in enders.values { ender.letGo() }
        // So many that a process which has to open files itself could be short of them.
        if leaders.count > Int(mostDescriptors) / 4 {
            for leader in leaders.values { CurrentProcess.abandon(leader.handle.descriptor) }
        }
        socket?.letGo(except: kept)
    }

    func setTimer(_ instant: Instant?) {
        if let timer { loop.cancel(timer) }
        timer = nil
        guard let instant else { return }
        noting(nil) {
            let moment = MonotonicInstant(nanoseconds: UInt64(max(0, instant.nanoseconds)))
            timer = try loop.schedule(at: moment) { [self] in
                timer = nil
                feed(.timer)
            }
        }
    }

    /// Does something that concerns one session, or none; what fails there is logged, and everything else goes on.
    func noting(_ session: String?, _ work: () throws -> Void) {
        do {
            try work()
        } catch {
            log.failed(session, error)
        }
    }
}
