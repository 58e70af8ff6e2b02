// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import LinuxSystem

/// The socket of exeuntd. A peer that is slow, silent or hostile costs itself, and nobody else.
public final class ControlSocket {
    private let loop: EventLoop
    private let table: ProcessTable
    private let limits: ControlLimits
    private let dispatcher: Dispatcher
    private let report: (String) -> Void
    private let listener: StreamListener
    private var watch: WatchID?
    private var count: ConnectionCount
    private var connections: [CInt: Connection] = [:]
    private var sweep: TimerID?
    /// When somebody was complained of.
    private var complaints: [UInt32?: MonotonicInstant] = [:]

    /// How many clients are taken before others have their turn.
    private static let turn = 32

    /// Listens at once.
    /// - Parameters:
    ///   - path: nobody else listens there who still lives; that is the caller's to know.
    ///   - service: does the calls; not kept.
    ///   - administrators: the group whose members see and end all sessions.
    ///   - report: told in one line what an administrator should know.
    public init(
        path: String = SessionsInterface.socketPath, on loop: EventLoop, service: any SessionService, version: String,
        administrators: UInt32? = nil, limits: ControlLimits = ControlLimits(), report: @escaping (String) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.limits = limits
        self.report = report
        table = try ProcessTable()
        dispatcher = Dispatcher(service, version: version, administrators: administrators)
        count = ConnectionCount(limits)
        // 0666: who may call what is said by the permission table.
        listener = try StreamListener(path: path, mode: 0o666)
        watch = try loop.watch(listener.descriptor, for: .read) { [weak self] _ in self?.accept() }
    }

    /// The group whose members see and end all sessions; nil where there is none.
    public var administrators: UInt32? {
        get { dispatcher.administrators }
        set { dispatcher.administrators = newValue }
    }

    /// How many peers there are.
    public var connectionCount: Int { connections.count }

    /// In a process that was forked from the daemon: nobody waits for it, and nobody comes.
    /// - Parameter kept: the descriptor of a connection that stays.
    public func letGo(except kept: CInt?) {
        for connection in connections.values where connection.descriptor != kept { connection.letGo() }
        listener.letGo()
    }

    /// Takes no more clients, takes the name away, and disconnects everybody.
    public func close() {
        if let watch { loop.cancel(watch) }
        watch = nil
        do throws(SystemError) { try listener.removeName() } catch { report("\(error)") }
        for connection in connections.values { connection.close() }
        if let sweep { loop.cancel(sweep) }
        sweep = nil
    }

    private func accept() {
        do throws(SystemError) {
            for _ in 0..<Self.turn {
                guard let stream = try listener.accept() else { return }
                try admit(stream)
            }
        } catch {
            complain("clients have to wait: \(error)", of: nil)
            pause()
        }
    }

    private func admit(_ stream: consuming StreamSocket) throws(SystemError) {
        let credentials = try stream.peerCredentials()
        let uid = credentials.uid
        if uid != 0, count.isFull, !count.isAtLimit(uid) { dropIdlest() }
        guard count.add(uid) else { return complain("has too many connections", of: uid) }
        do throws(SystemError) {
            let peer = Peer(credentials, process: try stream.peerProcess(credentials, in: table))
            let connection = Connection(stream, peer, on: loop, limits, dispatcher, of: self)
            try connection.start()
            connections[connection.descriptor] = connection
        } catch {
            count.remove(uid)
            throw error
        }
    }

    /// Of all others than root.
    private func dropIdlest() {
        let idle = connections.values.filter { !$0.peer.isRoot && $0.isIdle }
        idle.min { $0.idleSince < $1.idleSince }?.close()
    }

    /// Without descriptors or memory the client stays where it is, and the loop would find it again and again.
    private func pause() {
        guard let watch else { return }
        do throws(SystemError) {
            try loop.change(watch, to: [])
            try loop.schedule(at: .now() + .milliseconds(100)) { [weak self] in self?.resume() }
        } catch {
            report("\(error)")
        }
    }

    private func resume() {
        guard let watch else { return }
        do throws(SystemError) { try loop.change(watch, to: .read) } catch { report("\(error)") }
    }

    /// Once a minute for each user, and for the host: a log that can be flooded is of no use.
    private func complain(_ what: String, of uid: UInt32?) {
        let now = MonotonicInstant.now()
        complaints = complaints.filter { now - $0.value < .seconds(60) }
        guard complaints[uid] == nil, complaints.count < 64 else { return }
        complaints[uid] = now
        report(uid.map { "user \($0) \(what), and was disconnected" } ?? what)
    }

    /// Disconnects whose patience is over, and waits for the next of them.
    private func giveUp() {
        sweep = nil
        let now = MonotonicInstant.now()
        var next: MonotonicInstant?
        for connection in connections.values {
            guard let deadline = connection.deadline else { continue }
            if deadline <= now {
                connection.giveUp()
            } else {
                next = min(next ?? deadline, deadline)
            }
        }
        if let next { wake(at: next) }
    }

    private func wake(at instant: MonotonicInstant) {
        guard sweep == nil else { return }
        do throws(SystemError) {
            sweep = try loop.schedule(at: instant) { [weak self] in self?.giveUp() }
        } catch {
            report("\(error)")
        }
    }
}

extension ControlSocket: ConnectionOwner {
    func closed(_ connection: Connection, for offence: Connection.Offence?) {
        // Its descriptor is its own until it is let go of, so that this cannot be another's.
        guard connections.removeValue(forKey: connection.descriptor) != nil else { return }
        count.remove(connection.peer.uid)
        if let offence { complain(offence.rawValue, of: connection.peer.uid) }
    }

    func waits(_ connection: Connection) {
        // All have the same patience: nobody's is over before that of whoever is waited for already.
        if let deadline = connection.deadline { wake(at: deadline) }
    }
}
