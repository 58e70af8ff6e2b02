// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A UNIX socket with a name in the file system, to which clients connect. Nobody can send it descriptors where the
/// kernel can forbid that (Linux 6.16).
public struct StreamListener: ~Copyable {
    /// Its name.
    public let path: String
    private let socket: Descriptor
    private let identity: FileIdentity
    private let canCarryDescriptors: Bool

    /// Listens under this name, in place of whatever had it before: that this is nobody who still lives is the caller's
    /// to know. There is no instant without the name, nor one in which it has other rights than these.
    /// - Parameter mode: the permission bits. Only the directory's owner may write to the directory.
    public init(path: String, mode: UInt32, backlog: Int32 = 512) throws(SystemError) {
        self.path = path
        let new = path + ".new"
        let socket = try makeStreamSocket(isBlocking: false)
        // ENOENT is how it should be; why it cannot be removed is what bind(2) says.
        _ = unlink(new)
        _ = try check(SocketAddress.bind(socket.number, new), "bind", new)
        // -ENOPROTOOPT: an older kernel.
        let permission = permitDescriptors(socket.number, false)
        identity = try Self.listen(socket.number, backlog, new: new, mode, path)
        canCarryDescriptors = permission < 0
        self.socket = socket
    }

    private static func listen(
        _ socket: CInt, _ backlog: Int32, new: String, _ mode: UInt32, _ path: String
    ) throws(SystemError) -> FileIdentity {
        do throws(SystemError) {
            _ = try check(clinux_result(Int(chmod(new, mode))), "set mode of", new)
            _ = try check(clinux_result(Int(Glibc.listen(socket, backlog))), "listen on", new)
            let identity = try FileIdentity.of(path: new)
            _ = try check(clinux_result(Int(rename(new, path))), "rename", "\(new) to \(path)")
            return identity
        } catch {
            _ = unlink(new)
            throw error
        }
    }

    /// Closes this process's own descriptor, in one that was forked and exits without letting go of the value.
    public func letGo() { _ = clinux_close(socket.number) }

    /// For `EventInterest.read`.
    public var descriptor: CInt { socket.number }

    /// The next client; nil when none waits, or the one that did is gone. Fails with EMFILE, ENFILE, ENOBUFS or ENOMEM,
    /// and then the client still waits.
    public func accept() throws(SystemError) -> StreamSocket? {
        let flags = Int(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let result = clinux_call(Int(SYS_accept4), Int(socket.number), 0, 0, flags, 0)
        if [EAGAIN, ECONNABORTED, EINTR].contains(CInt(truncatingIfNeeded: -result)) { return nil }
        let number = CInt(try check(result, "accept a connection on", path))
        return StreamSocket(adopting: Descriptor(adopting: number), canCarryDescriptors: canCarryDescriptors)
    }

    /// Takes the name away, unless it is somebody else's by now.
    public func removeName() throws(SystemError) {
        // try?: without a name there is nothing to remove.
        guard let current = try? FileIdentity.of(path: path), current == identity else { return }
        let result = clinux_result(Int(unlink(path)))
        if result != -Int(ENOENT) { _ = try check(result, "remove", path) }
    }
}
