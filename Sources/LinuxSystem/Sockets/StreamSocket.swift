// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// One end of a connection over a UNIX stream socket. Nothing waits: what cannot be done now is nil.
public struct StreamSocket: ~Copyable {
    /// What a look at the input has found.
    public enum Input: Hashable, Sendable {
        case bytes([UInt8])
        /// The other end sends nothing any more.
        case end
        /// Descriptors lie in the way. They were not received: the kernel would let go of them on behalf of this process,
        /// and whoever has sent them can make that last for ever (a socket that lingers, a file of FUSE).
        case descriptors
    }

    /// For the event loop. `EventInterest.hangup` comes, asked for or not, when the other end is closed for good.
    public let descriptor: CInt
    private var canCarryDescriptors: Bool

    /// Takes over a socket that does not block.
    /// - Parameter canCarryDescriptors: whether the other end could leave some here, and is not trusted. It costs a call
    ///   for each reading.
    public init(adopting socket: consuming Descriptor, canCarryDescriptors: Bool = false) {
        descriptor = socket.release()
        self.canCarryDescriptors = canCarryDescriptors
    }

    deinit {
        if canCarryDescriptors, holdsDescriptors() {
            SocketDisposal.close(descriptor)
        } else {
            _ = clinux_close(descriptor)
        }
    }

    /// What has come, at most so much; nil when there is nothing now. Fails with ECONNRESET.
    public func receive(atMost limit: Int) throws(SystemError) -> Input? {
        var count = 0
        var hasDescriptors = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, used in
            guard canCarryDescriptors else {
                count = receiveMessage(buffer, 0, &hasDescriptors)
                return used = max(0, count)
            }
            // Peeking tells whether descriptors come with the bytes without taking or dropping them, and stops behind the
            // first that do; so the same bytes can be taken then.
            count = receiveMessage(buffer, CInt(MSG_PEEK), &hasDescriptors)
            if count > 0, !hasDescriptors {
                count = receiveMessage(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), 0, &hasDescriptors)
            }
            used = max(0, count)
        }
        if count == -Int(EAGAIN) || count == -Int(EINTR) { return nil }
        _ = try check(count, "receive from", "connection")
        if hasDescriptors { return .descriptors }
        return bytes.isEmpty ? .end : .bytes(bytes)
    }

    /// - Returns: how many bytes could be sent, 0 when none can be now. Fails with EPIPE or ECONNRESET when the other end
    ///   is gone; nobody gets SIGPIPE.
    public func send(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
        let flags = CInt(MSG_NOSIGNAL | MSG_DONTWAIT)
        let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
        let result = clinux_result(count)
        if result == -Int(EAGAIN) || result == -Int(EINTR) { return 0 }
        return try check(result, "send to", "connection")
    }

    /// From here on the other end can send descriptors, which it may leave here unasked, too.
    public mutating func permitDescriptors() {
        // -ENOPROTOOPT: an older kernel, where it always can.
        _ = LinuxSystem.permitDescriptors(descriptor, true)
        canCarryDescriptors = true
    }

    /// Closes this process's own descriptor, in one that was forked and exits without letting go of the value.
    public func letGo() { _ = clinux_close(descriptor) }

    /// From here on nothing comes in nor goes out; what has come in is kept as it is.
    public func shutDown() { _ = Glibc.shutdown(descriptor, CInt(SHUT_RDWR)) }

    /// Takes everything that is left up to the first descriptors.
    private func holdsDescriptors() -> Bool {
        // What has come in is finite from here on.
        shutDown()
        while true {
            // try?: a connection that is broken holds nothing.
            guard let input = try? receive(atMost: 16384), input != .end else { return false }
            if input == .descriptors { return true }
        }
    }

    private func receiveMessage(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, _ flags: CInt, _ hasDescriptors: inout Bool
    ) -> Int {
        var part = iovec(iov_base: UnsafeMutableRawPointer(buffer.baseAddress), iov_len: buffer.count)
        return withUnsafeMutablePointer(to: &part) { part in
            var message = msghdr()
            message.msg_iov = part
            message.msg_iovlen = 1
            let flags = flags | CInt(MSG_DONTWAIT)
            let result = clinux_result(recvmsg(descriptor, &message, flags))
            // There is no room for control messages, and no other kind was asked for.
            hasDescriptors = result >= 0 && message.msg_flags & CInt(MSG_CTRUNC) != 0
            return result
        }
    }
}
