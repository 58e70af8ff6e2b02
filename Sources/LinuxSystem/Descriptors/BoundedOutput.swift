// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Writes to a descriptor that is shared with processes that may have stopped it (a terminal's flow control, a pipe that
/// nobody reads), and gives up when its time is over.
/// - Returns: whether all of it was written.
@discardableResult
public func writeBounded(_ bytes: [UInt8], to descriptor: CInt, patience: Duration) -> Bool {
    // O_NONBLOCK on the open file itself would hit everybody who shares it: this process gets one of its own.
    let own = reopen(descriptor)
    defer { if own >= 0 { _ = clinux_close(own) } }
    let deadline = MonotonicInstant.now() + patience
    var written = 0
    while written < bytes.count {
        let rest = max(.zero, deadline - .now())
        let number = own >= 0 ? own : descriptor
        let ready = pollOne(number, POLLOUT, milliseconds: rest.millisecondsRoundedUp)
        if ready == -Int(EINTR) { continue }
        guard ready > 0 else { return false }
        // What a pipe that is ready takes without waiting, PIPE_BUF of pipe(7).
        let some = min(4096, bytes.count - written)
        let count = bytes.withUnsafeBytes { clinux_write(number, $0.baseAddress.map { $0 + written }, some) }
        if count == -Int(EAGAIN) || count == -Int(EINTR) {
            if rest == .zero { return false }
            continue
        }
        guard count > 0 else { return false }
        written += count
    }
    return true
}

/// The same terminal or pipe by another open file, non-blocking; negative for anything else, and where it may not be
/// opened. A file has a position that belongs to the one that is there, and never makes anybody wait.
private func reopen(_ descriptor: CInt) -> CInt {
    var facts = clinux_file_facts()
    guard clinux_file_facts(descriptor, "", &facts) == 0 else { return -1 }
    guard facts.type == .characterDevice || facts.type == .fifo else { return -1 }
    return clinux_openat(AT_FDCWD, "/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY)
}
