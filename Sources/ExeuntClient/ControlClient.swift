// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import LinuxSystem

/// A connection to exeuntd, for programs that have nothing else to do meanwhile. One call at a time.
public final class ControlClient {
    private let path: String
    private let patience: Duration
    private let stream: StreamSocket
    /// Records have no length that is known; this is more than any.
    private var splitter = FrameSplitter(limit: 64 << 20)

    /// Connects.
    /// - Parameter patience: how long it waits for each answer that the daemon gives at once.
    public init(
        path: String = SessionsInterface.socketPath, patience: Duration = .seconds(10)
    ) throws(ClientError) {
        self.path = path
        self.patience = patience
        do throws(SystemError) {
            stream = try StreamSocket.connect(to: path, patience: patience)
        } catch {
            let isAbsent = [.noSuchFileOrDirectory, .connectionRefused].contains(error.errno)
            throw isAbsent ? .notRunning(error) : .connection(error)
        }
    }

    /// One call that has one answer.
    /// - Parameter patience: how long it waits instead; for what lasts as long as it lasts.
    public func call<Call: MethodCall>(_ call: Call, patience: Duration? = nil) throws(ClientError) -> Call.Reply {
        try send(call, more: false)
        return try answer(to: Call.self, patience).reply
    }

    /// One call that has any number of answers.
    /// - Parameters:
    ///   - patience: how long it waits for each.
    ///   - take: gets each; false makes it the last, and hangs up.
    public func callForMore<Call: MethodCall>(
        _ call: Call, patience: Duration? = nil, _ take: (Call.Reply) throws(ClientError) -> Bool
    ) throws(ClientError) {
        try send(call, more: true)
        while true {
            let (reply, continues) = try answer(to: Call.self, patience)
            guard try take(reply) else { return stream.shutDown() }
            if !continues { return }
        }
    }

    /// Begins a call, the answers to which the caller takes one after the other.
    public func begin<Call: MethodCall>(_ call: Call, more: Bool = true) throws(ClientError) {
        try send(call, more: more)
    }

    /// The next answer to what was begun, and whether more follow.
    public func next<Call: MethodCall>(
        _ call: Call.Type, patience: Duration? = nil
    ) throws(ClientError) -> (reply: Call.Reply, continues: Bool) {
        try answer(to: call, patience)
    }

    /// For `EventInterest.read`: readable when an answer has come, or the daemon has hung up.
    public var descriptor: Int32 { stream.descriptor }

    /// Hangs up: there is no answer any more.
    public func hangUp() { stream.shutDown() }

    /// Passes descriptors, once the daemon has said that it takes them.
    public func pass(_ descriptors: [Int32]) throws(ClientError) {
        do throws(SystemError) {
            try DescriptorPassing.send(descriptors, over: stream, patience: patience)
        } catch {
            throw .connection(error)
        }
    }

    private func send<Call: MethodCall>(_ call: Call, more: Bool) throws(ClientError) {
        let message: [UInt8]
        do { message = try call.encoded(more: more) } catch { throw .unreadable("the call: \(error)") }
        let deadline = MonotonicInstant.now() + patience
        var rest = message[...]
        do throws(SystemError) {
            while !rest.isEmpty {
                let sent = try stream.send(rest)
                rest = rest.dropFirst(sent)
                if sent > 0 { continue }
                guard try stream.waitForRoom(max(.zero, deadline - .now())) else { throw silence }
            }
        } catch {
            throw .connection(error)
        }
    }

    private func answer<Call: MethodCall>(
        to call: Call.Type, _ patience: Duration?
    ) throws(ClientError) -> (reply: Call.Reply, continues: Bool) {
        let frame = try frame(by: .now() + (patience ?? self.patience))
        let message: ReplyMessage<Call.Reply>
        do { message = try ReplyMessage(decoding: frame) } catch {
            throw .unreadable("the answer to \(Call.fullName)")
        }
        switch message {
        case .failure(let error): throw .refused(error)
        case .last(let reply): return (reply, false)
        case .continued(let reply): return (reply, true)
        }
    }

    private func frame(by deadline: MonotonicInstant) throws(ClientError) -> [UInt8] {
        while true {
            do throws(FrameSplitter.TooLong) {
                if let frame = try splitter.take() { return frame }
            } catch {
                throw .unreadable("an answer of more than \(error.limit) bytes")
            }
            let input = try input(by: deadline)
            guard case .bytes(let bytes) = input else { throw .hungUp }
            do throws(FrameSplitter.TooLong) { try splitter.add(bytes) } catch {
                throw .unreadable("an answer of more than \(error.limit) bytes")
            }
        }
    }

    private func input(by deadline: MonotonicInstant) throws(ClientError) -> StreamSocket.Input {
        do throws(SystemError) {
            while true {
                if let input = try stream.receive(atMost: 65536) { return input }
                guard try stream.waitForInput(max(.zero, deadline - .now())) else { throw silence }
            }
        } catch {
            if error.errno == .connectionReset { throw .hungUp }
            throw .connection(error)
        }
    }

    private var silence: SystemError { SystemError("wait for an answer of", path, .timedOut) }
}
