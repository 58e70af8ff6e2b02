// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Where a server listens for streams.
public enum ServerAddress: Hashable, Sendable {
    /// A socket in the file system.
    case path([UInt8])
    /// A socket with a name of the kernel's own, without the leading NUL.
    case abstract([UInt8])
    /// TCP.
    case network(host: String, port: UInt16)
}

/// Whether anybody listens, tried by connect(2); nothing is sent.
public enum ServerTrial {
    /// What came of it.
    public enum Outcome: Hashable, Sendable {
        /// It took the connection.
        case connected
        /// It did not; ECONNREFUSED and ENOENT mean that nobody is there.
        case refused(Errno)
        /// The host's name stands for nothing.
        case unknownHost
        /// Nobody answered in time.
        case silent
    }

    private static let unknownHostCode: Int32 = 255

    /// In a forked child, which can be ended when a name server or the network keeps it waiting.
    /// - Throws: when no child can be made.
    public static func run(
        _ address: ServerAddress, patience: Duration = .seconds(2)
    ) throws(SystemError) -> Outcome {
        guard case .parent(let child) = try CurrentProcess.fork() else {
            // try?: without it the child lives on until its call returns; nothing worse.
            try? CurrentProcess.setParentDeathSignal(.kill)
            CurrentProcess.exit(connect(to: address))
        }
        // A child that was not reaped yet keeps its pid, so that this cannot be another process.
        guard let handle = try ProcessHandle.open(pid: child) else { return .silent }
        if !handle.waitForExit(patience) {
            _ = handle.send(.kill)
            _ = handle.waitForExit(.seconds(1))
        }
        guard case .exited(let code) = try Children.reap(pid: child) else { return .silent }
        switch code {
        case 0: return .connected
        case unknownHostCode: return .unknownHost
        default: return .refused(Errno(rawValue: code))
        }
    }

    /// - Returns: 0, an errno, or that of an unknown host: what fits into an exit code.
    private static func connect(to address: ServerAddress) -> Int32 {
        switch address {
        case .path(let path): connectLocally(path + [0])
        case .abstract(let name): connectLocally([0] + name)
        case .network(let host, let port): connect(to: host, port)
        }
    }

    private static func connectLocally(_ name: [UInt8]) -> Int32 {
        var address = sockaddr_un()
        guard name.count <= MemoryLayout.size(ofValue: address.sun_path) else { return ENAMETOOLONG }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let size = MemoryLayout<sa_family_t>.size + name.count
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(AF_UNIX, $0, socklen_t(size)) }
        }
    }

    private static func connect(to host: String, _ port: UInt16) -> Int32 {
        var wanted = addrinfo()
        wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &wanted, &found) == 0 else { return unknownHostCode }
        var result = unknownHostCode
        while let candidate = found, result != 0 {
            result = connect(candidate.pointee.ai_family, candidate.pointee.ai_addr, candidate.pointee.ai_addrlen)
            found = candidate.pointee.ai_next
        }
        return result
    }

    private static func connect(_ family: Int32, _ address: UnsafePointer<sockaddr>?, _ size: socklen_t) -> Int32 {
        let number = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0, let address else { return errno }
        let socket = Descriptor(adopting: number)
        return Glibc.connect(socket.number, address, size) == 0 ? 0 : errno
    }
}
