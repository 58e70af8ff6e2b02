// SPDX-License-Identifier: Apache-2.0
import CPAM

/// One call to exeuntd and its answer, over a connection of its own, until a deadline that holds for all of it.
enum Conversation {
    private static let path: StaticString = "/run/exeunt/io.exeunt"
    private static let longestAnswer = 8192

    /// Sends a message, which ends with a zero byte, and returns the answer without it.
    static func call(_ message: borrowing ByteBuffer, until deadline: Deadline) throws(Trouble) -> ByteBuffer {
        guard message.isWhole else { throw Trouble("write the request", ENOMEM) }
        let socket = try connect(until: deadline)
        try send(message, to: socket, until: deadline)
        return try receive(from: socket, until: deadline)
    }

    private static func connect(until deadline: Deadline) throws(Trouble) -> Descriptor {
        let socket = try Descriptor(exeunt_stream_socket(), "make a socket")
        while true {
            let remaining = deadline.remaining
            guard remaining > 0 else { throw Trouble("connect to /run/exeunt/io.exeunt", ETIMEDOUT) }
            // While the queue of the listener is full, this waits, as nothing else can: a connect(2) that does not wait
            // fails then, and no event says when to try again.
            guard exeunt_limit_sending(socket.number, Int(remaining)) == 0 else {
                throw .now("limit the time to connect")
            }
            if exeunt_connect(socket.number, path.cString) == 0 { break }
            let number = exeunt_errno()
            guard number == EINTR || number == EAGAIN else {
                throw Trouble("connect to /run/exeunt/io.exeunt", number)
            }
        }
        var uid: uid_t = 0
        guard exeunt_peer_uid(socket.number, &uid) == 0 else {
            throw .now("ask who listens on /run/exeunt/io.exeunt")
        }
        guard uid == 0 else { throw Trouble("who listens on /run/exeunt/io.exeunt is not root") }
        return socket
    }

    private static func send(
        _ message: borrowing ByteBuffer, to socket: borrowing Descriptor, until deadline: Deadline
    ) throws(Trouble) {
        var sent = 0
        while sent < message.count {
            let length = message.withBytes { bytes in
                exeunt_send(socket.number, bytes.baseAddress.map { $0 + sent }, bytes.count &- sent)
            }
            if length >= 0 {
                sent &+= length
            } else if exeunt_errno() == EAGAIN {
                try wait(for: POLLOUT, on: socket, until: deadline)
            } else if exeunt_errno() != EINTR {
                throw .now("send to exeuntd")
            }
        }
    }

    private static func receive(
        from socket: borrowing Descriptor, until deadline: Deadline
    ) throws(Trouble) -> ByteBuffer {
        var answer = ByteBuffer(capacity: longestAnswer)
        while true {
            guard !answer.isFull else { throw Trouble("the answer of exeuntd is too long") }
            try wait(for: POLLIN, on: socket, until: deadline)
            let read = answer.count
            let length = answer.fill { exeunt_receive(socket.number, $0.baseAddress, $0.count) }
            if length > 0 {
                let end = answer.withBytes { $0[read...].firstIndex(of: 0) }
                if let end {
                    // Nobody has asked for what comes behind it.
                    answer.shrink(by: answer.count &- end)
                    return answer
                }
            } else if length == 0 {
                throw Trouble("exeuntd has closed the connection without an answer")
            } else if exeunt_errno() != EINTR && exeunt_errno() != EAGAIN {
                throw .now("receive from exeuntd")
            }
        }
    }

    private static func wait(
        for event: Int32, on socket: borrowing Descriptor, until deadline: Deadline
    ) throws(Trouble) {
        while true {
            let remaining = deadline.remaining
            guard remaining > 0 else { throw Trouble("wait for exeuntd", ETIMEDOUT) }
            var entry = pollfd(fd: socket.number, events: Int16(event), revents: 0)
            let count = poll(&entry, 1, remaining)
            if count > 0 { return }
            if count < 0 && exeunt_errno() != EINTR { throw .now("wait for exeuntd") }
        }
    }
}
