// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import LinuxSystem

/// Who has a connection.
protocol ConnectionOwner: AnyObject {
    /// It is no connection any more; nil where the peer has hung up.
    func closed(_ connection: Connection, for offence: Connection.Offence?)
    /// It has a deadline now.
    func waits(_ connection: Connection)
}

/// One peer. Its calls are done one after the other, each after the answer to the one before was taken: until then
/// nothing is read, so that a peer has no more of the daemon's memory than one message and one answer.
final class Connection {
    /// Why a peer is disconnected that has not hung up.
    enum Offence: String {
        case noCall = "sends what is no call"
        case tooLong = "sends a message that is too long"
        case descriptors = "sends descriptors"
        case tooSlow = "does not complete its message"
        case unread = "does not read its answers"
    }

    /// What is waited for, since when it counts.
    private enum Waiting { case message, reading }

    let peer: Peer
    private(set) var isOpen = true
    /// When its patience is over.
    private(set) var deadline: MonotonicInstant?
    /// When it last had nothing to do.
    private(set) var idleSince = MonotonicInstant.now()
    private var stream: StreamSocket
    private let loop: EventLoop
    private let limits: ControlLimits
    private let dispatcher: Dispatcher
    private weak var owner: (any ConnectionOwner)?
    private var watch: WatchID?
    private var interest = EventInterest.read
    private var splitter: FrameSplitter
    private var output = OutputQueue()
    private var pending: CallSlot?
    private var waiting: Waiting?
    private var isPulling = false

    init(
        _ stream: consuming StreamSocket, _ peer: Peer, on loop: EventLoop, _ limits: ControlLimits,
        _ dispatcher: Dispatcher, of owner: any ConnectionOwner
    ) {
        self.stream = stream
        self.peer = peer
        self.loop = loop
        self.limits = limits
        self.dispatcher = dispatcher
        self.owner = owner
        splitter = FrameSplitter(limit: limits.message(from: peer.uid))
    }

    var descriptor: CInt { stream.descriptor }
    /// It has no call, no beginning of one, and no answer to read.
    var isIdle: Bool { pending == nil && output.isEmpty && !splitter.hasFrame && !splitter.hasBegun }

    /// In a process that was forked from the daemon, which has the connection as well.
    func letGo() { stream.letGo() }

    func start() throws(SystemError) {
        watch = try loop.watch(stream.descriptor, for: interest) { [weak self] in self?.take($0) }
    }

    /// Whoever waits for the answer to its call is told that the peer is gone.
    func close(for offence: Offence? = nil) {
        guard isOpen else { return }
        isOpen = false
        if let watch { loop.cancel(watch) }
        // Closing would not do: a process that was forked meanwhile, for an ending, has the connection as well.
        stream.shutDown()
        deadline = nil
        pending?.hangUp()
        pending = nil
        owner?.closed(self, for: offence)
    }

    /// Its patience is over.
    func giveUp() { close(for: waiting == .reading ? .unread : .tooSlow) }

    private func take(_ found: EventInterest) {
        let isHungUp = found.contains(.hangup) || found.contains(.error)
        if isHungUp, pending != nil || !output.isEmpty { return close() }
        if found.contains(.write) { flush() }
        guard isOpen, pending == nil, output.isEmpty else { return settle() }
        // What was sent before the hang-up is done all the same: its sender may want no answer.
        if !splitter.hasFrame { receive() }
        if isOpen, splitter.hasFrame { beginCall() }
        settle()
    }

    private func receive() {
        do {
            switch try stream.receive(atMost: 16384) {
            case .none: break
            case .end: close()
            case .descriptors: close(for: .descriptors)
            case .bytes(let bytes): try splitter.add(bytes)
            }
        } catch is FrameSplitter.TooLong {
            close(for: .tooLong)
        } catch {
            // ECONNRESET: it has closed with answers unread.
            close()
        }
    }

    private func beginCall() {
        do throws(FrameSplitter.TooLong) {
            guard let message = try splitter.take() else { return }
            guard let head = CallHead(decoding: message) else { return close(for: .noCall) }
            let slot = CallSlot(self, more: head.more, oneway: head.oneway)
            pending = slot
            dispatcher.take(message, head, from: peer, slot)
        } catch {
            close(for: .tooLong)
        }
    }

    /// From here on the peer can send descriptors, for somebody else to receive while a call is open.
    func permitDescriptors() { stream.permitDescriptors() }

    /// One answer of several.
    func send(_ message: [UInt8]) {
        guard isOpen else { return }
        if output.count > limits.unread { return close(for: .unread) }
        output.add(message)
        flush()
        settle()
    }

    /// The last answer to the call that is pending; empty where none is wanted.
    func finish(_ slot: CallSlot, _ message: [UInt8]) {
        guard pending === slot else { return }
        pending = nil
        send(message)
    }

    /// Takes messages of the producer as long as the peer takes them from here, and not so many at once that others wait.
    func pull() {
        guard !isPulling else { return }
        isPulling = true
        defer { isPulling = false }
        var taken = 0
        while isOpen, output.isEmpty, taken < 65536, let slot = pending, let producer = slot.producer {
            let (message, isLast) = producer()
            taken += message.count
            if isLast { slot.finish(message) } else { slot.send(message) }
        }
    }

    private func flush() {
        do throws(SystemError) {
            if try output.flush(to: stream), waiting == .reading { deadline = .now() + limits.patience }
            if output.isEmpty { pull() }
        } catch {
            // EPIPE, ECONNRESET: nobody will read it.
            close()
        }
    }

    /// Waits for what is next.
    private func settle() {
        guard isOpen, let watch else { return }
        let wanted: EventInterest
        let waits: Waiting?
        if !output.isEmpty {
            (wanted, waits) = (.write, .reading)
        } else if pending != nil {
            // Without interest the hang-up is found all the same.
            (wanted, waits) = (pending?.producer == nil ? [] : .write, nil)
        } else if splitter.hasFrame {
            // Others have their turn before the next call: a socket with room to write is found again at once.
            (wanted, waits) = (.write, nil)
        } else {
            (wanted, waits) = (.read, splitter.hasBegun ? .message : nil)
            idleSince = .now()
        }
        if waits != waiting {
            waiting = waits
            deadline = waits == nil ? nil : .now() + limits.patience
            if waits != nil { owner?.waits(self) }
        }
        guard wanted != interest else { return }
        interest = wanted
        do throws(SystemError) { try loop.change(watch, to: wanted) } catch { close() }
    }
}
