// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Closes a connection on which somebody has left descriptors that nobody has received.
///
/// The kernel lets go of them in whichever process closes the connection last, and that can take as long as whoever sent
/// them likes: a TCP socket whose other end acknowledges nothing lingers for as many seconds as it was told to. Here the
/// last is a process that has nothing else to do; one that exits does not linger either.
enum SocketDisposal {
    /// Where no process can be made the descriptor stays open: one lost is better than to be kept for ever.
    static func close(_ socket: CInt) {
        var ends: [CInt] = [-1, -1]
        guard makePipe(&ends) >= 0 else { return }
        let child = clinux_fork()
        // Only calls that are async-signal-safe from here on: in tests there are other threads.
        if child == 0 {
            // A child's child, so that nobody has to wait for it: whoever adopts orphans here reaps it.
            if clinux_fork() == 0 { holdUntilClosed(socket, ends[0]) }
            _exit(0)
        }
        if child > 0 { _ = clinux_close(socket) }
        _ = clinux_close(ends[0])
        _ = clinux_close(ends[1])
        guard child > 0 else { return }
        var status: CInt = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    }

    /// The parent has closed the socket once it has closed the pipe.
    private static func holdUntilClosed(_ socket: CInt, _ readEnd: CInt) -> Never {
        // Nothing else is held: other connections must look closed to their peers as soon as the parent closes them.
        let low = UInt32(min(socket, readEnd))
        let high = UInt32(max(socket, readEnd))
        if low > 0 { _ = closeRange(0, low - 1) }
        if high > low + 1 { _ = closeRange(low + 1, high - 1) }
        _ = closeRange(high + 1, .max)
        var byte: UInt8 = 0
        while clinux_read(readEnd, &byte, 1) == -Int(EINTR) {}
        _exit(0)
    }
}
