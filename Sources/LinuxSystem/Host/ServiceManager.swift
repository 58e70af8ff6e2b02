// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Whoever has started this process as a service, and wants to be told how it stands: sd_notify(3).
public enum ServiceManager {
    /// Sends a message such as `READY=1`; nothing happens where nobody has asked.
    public static func notify(_ message: String) {
        guard let path = getenv("NOTIFY_SOCKET").map({ String(cString: $0) }), path.utf8.count < 108 else { return }
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return }
        let socket = Descriptor(adopting: number)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        // A name without a file: it begins with a NUL.
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let flags = Int32(truncatingIfNeeded: MSG_NOSIGNAL | MSG_DONTWAIT)
        let text = Array(message.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                text.withUnsafeBytes { sendto(socket.number, $0.baseAddress, $0.count, flags, address, size) }
            }
        }
    }

    /// Nothing that is started from here on tells this process's manager anything.
    public static func forget() { unsetenv("NOTIFY_SOCKET") }
}
