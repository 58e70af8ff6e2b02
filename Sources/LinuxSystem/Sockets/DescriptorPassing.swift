// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Passing descriptors over a UNIX stream socket, unix(7).
public enum DescriptorPassing {
    /// SCM_MAX_FD is 253; nobody here needs more than a few.
    public static let greatestCount = 16

    /// struct cmsghdr: the length with itself (8 bytes), level (4), type (4); the descriptors follow. Both are so on
    /// every machine of 64 bits.
    private static let headSize = 16

    /// Sends one NUL byte, and these descriptors with it; they stay the caller's. Waits for room until the time is over.
    ///
    /// Fails with EPERM where the other end takes none, EPIPE where it is gone, ETIMEDOUT.
    public static func send(_ descriptors: [CInt], over stream: borrowing StreamSocket, patience: Duration)
        throws(SystemError)
    {
        let deadline = MonotonicInstant.now() + patience
        while true {
            let result = sendOnce(descriptors, stream.descriptor)
            if result > 0 { return }
            if result != -Int(EAGAIN) && result != -Int(EINTR) {
                _ = try check(result, "send descriptors to", "connection")
            }
            let rest = deadline - .now()
            guard rest > .zero, try stream.waitForRoom(rest) else {
                throw SystemError("send descriptors to", "connection", .timedOut)
            }
        }
    }

    /// Receives one NUL byte with exactly so many descriptors, which are close-on-exec. For a process that may be kept
    /// waiting by whoever sends them: a forked child, never the daemon. See `StreamSocket.permitDescriptors`.
    ///
    /// - Returns: nil when something else came; whatever came with it is closed. Fails with ETIMEDOUT.
    public static func receive(_ count: Int, from socket: CInt, patience: Duration) throws(SystemError) -> [CInt]? {
        let deadline = MonotonicInstant.now() + patience
        while true {
            let rest = max(.zero, deadline - .now())
            let ready = pollOne(socket, POLLIN, milliseconds: rest.millisecondsRoundedUp)
            if ready == -Int(EINTR) { continue }
            if ready == 0 { throw SystemError("receive descriptors from", "connection", .timedOut) }
            _ = try check(ready, "wait for", "connection")
            var byte: UInt8 = 1
            var found: [CInt] = []
            var isTruncated = false
            let result = receiveOnce(socket, &byte, &found, &isTruncated)
            if result == -Int(EAGAIN) || result == -Int(EINTR) { continue }
            let isExpected = result == 1 && byte == 0 && found.count == count && !isTruncated
            if isExpected { return found }
            for number in found { _ = clinux_close(number) }
            _ = try check(result, "receive descriptors from", "connection")
            return nil
        }
    }

    private static func sendOnce(_ descriptors: [CInt], _ socket: CInt) -> Int {
        let used = headSize + descriptors.count * MemoryLayout<CInt>.size
        return withControl(used) { control in
            control.storeBytes(of: used, as: Int.self)
            control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: CInt.self)
            control.storeBytes(of: 1, toByteOffset: 12, as: CInt.self)  // SCM_RIGHTS
            for (index, number) in descriptors.enumerated() {
                control.storeBytes(of: number, toByteOffset: headSize + index * 4, as: CInt.self)
            }
            var byte: UInt8 = 0
            return withMessage(&byte, control, used) { message in
                let flags = CInt(MSG_NOSIGNAL | MSG_DONTWAIT)
                return clinux_result(sendmsg(socket, &message, flags))
            }
        }
    }

    private static func receiveOnce(
        _ socket: CInt, _ byte: inout UInt8, _ found: inout [CInt], _ isTruncated: inout Bool
    ) -> Int {
        let room = headSize + greatestCount * MemoryLayout<CInt>.size
        return withControl(room) { control in
            withMessage(&byte, control, room) { message in
                // MSG_CMSG_CLOEXEC
                let flags = CInt(MSG_DONTWAIT) | 0x4000_0000
                let result = clinux_result(recvmsg(socket, &message, flags))
                guard result >= 0 else { return result }
                isTruncated = message.msg_flags & CInt(MSG_CTRUNC) != 0
                let length = Int(message.msg_controllen)
                guard length >= headSize, control.load(fromByteOffset: 12, as: CInt.self) == 1 else { return result }
                let used = min(control.load(as: Int.self), length)
                for offset in stride(from: headSize, to: used - 3, by: 4) {
                    found.append(control.load(fromByteOffset: offset, as: CInt.self))
                }
                return result
            }
        }
    }

    private static func withControl(_ size: Int, _ body: (UnsafeMutableRawPointer) -> Int) -> Int {
        withUnsafeTemporaryAllocation(byteCount: size + 8, alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return -Int(ENOMEM) }
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return body(base)
        }
    }

    private static func withMessage(
        _ byte: inout UInt8, _ control: UnsafeMutableRawPointer, _ size: Int, _ call: (inout msghdr) -> Int
    ) -> Int {
        withUnsafeMutablePointer(to: &byte) { byte in
            var part = iovec(iov_base: UnsafeMutableRawPointer(byte), iov_len: 1)
            return withUnsafeMutablePointer(to: &part) { part in
                var message = msghdr()
                message.msg_iov = part
                message.msg_iovlen = 1
                message.msg_control = control
                message.msg_controllen = size
                return call(&message)
            }
        }
    }
}
