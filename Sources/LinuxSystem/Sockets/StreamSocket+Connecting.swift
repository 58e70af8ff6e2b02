// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

extension StreamSocket {
    /// A connection to whoever listens under this name.
    /// - Parameter patience: how long a listener with too many clients is waited for. Fails with ENOENT or ECONNREFUSED
    ///   when nobody listens, EACCES, EAGAIN after that time.
    public static func connect(to path: String, patience: Duration) throws(SystemError) -> StreamSocket {
        // A socket that does not block does not wait for a full backlog, nor can it be polled for that.
        let socket = try makeStreamSocket(isBlocking: true)
        let milliseconds = max(1, Int(patience.millisecondsRoundedUp))
        var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = try check(
            clinux_result(Int(setsockopt(socket.number, SOL_SOCKET, SO_SNDTIMEO, &time, size))), "set time limit of",
            "socket")
        var result = -Int(EINTR)
        while result == -Int(EINTR) { result = SocketAddress.connect(socket.number, path) }
        _ = try check(result, "connect", path)
        try socket.setNonblocking()
        return StreamSocket(adopting: socket)
    }

    /// Waits until something has come, the other end has closed, or the time is over.
    /// - Returns: false after the time.
    public func waitForInput(_ patience: Duration) throws(SystemError) -> Bool { try wait(for: POLLIN, patience) }

    /// Waits until something can be sent, the other end has closed, or the time is over.
    /// - Returns: false after the time.
    public func waitForRoom(_ patience: Duration) throws(SystemError) -> Bool { try wait(for: POLLOUT, patience) }

    private func wait(for events: CInt, _ patience: Duration) throws(SystemError) -> Bool {
        let deadline = MonotonicInstant.now() + patience
        while true {
            let rest = max(.zero, deadline - .now())
            let ready = pollOne(descriptor, events, milliseconds: rest.millisecondsRoundedUp)
            if ready == -Int(EINTR) { continue }
            return try check(ready, "wait for", "connection") > 0
        }
    }
}
