// SPDX-License-Identifier: Apache-2.0
import CPAM

/// The host's log, as far as it could hold up a log-in: syslog(3) waits for ever for a log that nobody reads.
enum SystemLog {
    private static let path: StaticString = "/dev/log"
    private static let milliseconds: Int64 = 50

    /// False if a line would have to wait: it is lost then. Whatever else is wrong with the log is for syslog(3) to find.
    static var isRead: Bool {
        let socket: Descriptor
        do {
            socket = try Descriptor(exeunt_datagram_socket(), "make a socket")
        } catch {
            return true
        }
        guard exeunt_connect(socket.number, path.cString) == 0 else { return true }
        let deadline = Deadline(afterMilliseconds: milliseconds)
        while true {
            var entry = pollfd(fd: socket.number, events: Int16(POLLOUT), revents: 0)
            let count = poll(&entry, 1, deadline.remaining)
            if count >= 0 || exeunt_errno() != EINTR { return count != 0 }
        }
    }
}
