// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Calls with the address of a UNIX socket: 0, or the negated errno.
enum SocketAddress {
    static func bind(_ socket: CInt, _ path: String) -> Int { with(path) { Glibc.bind(socket, $0, $1) } }

    static func connect(_ socket: CInt, _ path: String) -> Int { with(path) { Glibc.connect(socket, $0, $1) } }

    private static func with(_ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> Int {
        var address = sockaddr_un()
        let name = Array(path.utf8)
        // A NUL has to follow it.
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return -Int(ENAMETOOLONG) }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                clinux_result(Int(call($0, socklen_t(MemoryLayout<sockaddr_un>.size))))
            }
        }
    }
}

/// A new UNIX stream socket, close-on-exec.
func makeStreamSocket(isBlocking: Bool) throws(SystemError) -> Descriptor {
    let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (isBlocking ? 0 : SOCK_NONBLOCK.rawValue)
    let number = clinux_result(Int(socket(AF_UNIX, CInt(flags), 0)))
    return Descriptor(adopting: CInt(try check(number, "make", "socket")))
}

/// SO_PASSRIGHTS, Linux 6.16: whether the other end can send descriptors at all (EPERM to it otherwise). Accepted
/// sockets have it from their listener.
/// - Returns: -ENOPROTOOPT where the kernel does not know it.
func permitDescriptors(_ socket: CInt, _ isPermitted: Bool) -> Int {
    var value: CInt = isPermitted ? 1 : 0
    return clinux_result(Int(setsockopt(socket, SOL_SOCKET, 83, &value, socklen_t(MemoryLayout<CInt>.size))))
}
