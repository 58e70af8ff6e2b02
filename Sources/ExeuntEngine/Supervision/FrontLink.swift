// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// What joins front and keeper: made before the fork, so that either has all of it from its first instruction.
final class FrontLink {
    /// The front's own process, held by both: nobody else's pid can be mistaken for it.
    private let front: ProcessHandle
    private let sockets: SocketPair

    init() throws(SystemError) {
        guard let own = try ProcessHandle.open(pid: CurrentProcess.pid) else {
            throw SystemError("open", "own process", .noSuchProcess)
        }
        front = own
        sockets = try makeSocketPair()
        try sockets.first.setNonblocking()
        try sockets.second.setNonblocking()
    }

    /// Readable in the keeper once the front is dead.
    var frontDescriptor: CInt { front.descriptor }
    /// The front's pid.
    var frontPID: Int32 { front.pid }
    /// Readable in the keeper when the front has said something.
    var keeperEnd: CInt { sockets.second.number }

    /// Whether the front is dead.
    var isFrontGone: Bool { front.hasExited }

    /// Stops the front, so that its shell sees the whole as a stopped job.
    func stopFront() { _ = front.send(.stop) }

    /// Lets the front go on, whose payload goes on or is gone.
    func continueFront() { _ = front.send(.cont) }

    /// Tells the keeper. A keeper that does not read (because it is stopped) loses signals only after hundreds.
    func tellKeeper(_ message: FrontMessage) throws(SystemError) { try sockets.first.write(message.bytes) }

    /// Tells the front, which hears it once the keeper has exited.
    func tellFront(_ message: FrontMessage) throws(SystemError) { try sockets.second.write(message.bytes) }

    /// The keeper's next word, nil when it has said nothing.
    func nextFromKeeper() throws(SystemError) -> FrontMessage? { try FrontMessage.next(from: sockets.first) }

    /// The front's next word, nil when it has said nothing.
    func nextFromFront() throws(SystemError) -> FrontMessage? { try FrontMessage.next(from: sockets.second) }
}
