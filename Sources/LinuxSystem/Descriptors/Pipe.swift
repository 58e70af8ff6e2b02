// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Both ends of a pipe.
@frozen public struct Pipe: ~Copyable, Sendable {
    /// At its end once every write end is closed.
    public var readEnd: Descriptor
    /// SIGPIPE or EPIPE once every read end is closed.
    public var writeEnd: Descriptor

    /// That end; the other one is closed.
    public consuming func onlyReadEnd() -> Descriptor { readEnd }
    /// That end; the other one is closed.
    public consuming func onlyWriteEnd() -> Descriptor { writeEnd }
}

/// Two connected ends that are alike.
@frozen public struct SocketPair: ~Copyable, Sendable {
    /// One end.
    public var first: Descriptor
    /// The other end.
    public var second: Descriptor
}

/// Fails with EMFILE or ENFILE.
public func makePipe() throws(SystemError) -> Pipe {
    var ends: [CInt] = [-1, -1]
    _ = try check(makePipe(&ends), "make", "pipe")
    return Pipe(readEnd: Descriptor(adopting: ends[0]), writeEnd: Descriptor(adopting: ends[1]))
}

/// UNIX sockets that keep message boundaries (SOCK_SEQPACKET). Fails with EMFILE or ENFILE.
public func makeSocketPair() throws(SystemError) -> SocketPair {
    var ends: [CInt] = [-1, -1]
    let type = CInt(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
    _ = try check(clinux_result(Int(socketpair(AF_UNIX, type, 0, &ends))), "make", "socket pair")
    return SocketPair(first: Descriptor(adopting: ends[0]), second: Descriptor(adopting: ends[1]))
}
