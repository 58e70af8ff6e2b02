// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Both ends of a pipe.
@frozen public struct Pipe: ~Copyable, Sendable {
    public var readEnd: Descriptor
    public var writeEnd: Descriptor
}

/// Two connected ends that are alike.
@frozen public struct SocketPair: ~Copyable, Sendable {
    public var first: Descriptor
    public var second: Descriptor
}

/// Fails with EMFILE or ENFILE.
public func makePipe() throws(SystemError) -> Pipe {
    var ends: (CInt, CInt) = (-1, -1)
    _ = try check(withUnsafeMutablePointer(to: &ends) { pair in
        pair.withMemoryRebound(to: CInt.self, capacity: 2) { clinux_pipe($0) }
    }, "make", "pipe")
    return Pipe(readEnd: Descriptor(adopting: ends.0), writeEnd: Descriptor(adopting: ends.1))
}

/// UNIX sockets that keep message boundaries (SOCK_SEQPACKET). Fails with EMFILE or ENFILE.
public func makeSocketPair() throws(SystemError) -> SocketPair {
    var ends: (CInt, CInt) = (-1, -1)
    _ = try check(withUnsafeMutablePointer(to: &ends) { pair in
        pair.withMemoryRebound(to: CInt.self, capacity: 2) { clinux_socketpair($0) }
    }, "make", "socket pair")
    return SocketPair(first: Descriptor(adopting: ends.0), second: Descriptor(adopting: ends.1))
}
