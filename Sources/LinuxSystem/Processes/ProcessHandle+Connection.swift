// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

extension ProcessHandle {
    /// A second descriptor of a connection by TCP that this process has open, for its end to be waited for: pidfd_getfd(2),
    /// Linux 5.6. Nothing is read from it; while it is open the connection stays, whatever the process does.
    ///
    /// - Returns: nil where it has none, or its descriptors are not for the caller to have.
    public borrowing func connection(_ table: ProcessTable) throws(SystemError) -> Descriptor? {
        for number in try table.sockets(of: pid) {
            let result = clinux_call(438, Int(descriptor), Int(number), 0, 0, 0)
            if result < 0 { continue }
            let copy = Descriptor(adopting: CInt(result))
            if Self.isConnection(copy.number) { return copy }
        }
        return nil
    }

    private static func isConnection(_ socket: CInt) -> Bool {
        var kind: CInt = 0
        var size = socklen_t(MemoryLayout.size(ofValue: kind))
        guard getsockopt(socket, SOL_SOCKET, SO_PROTOCOL, &kind, &size) == 0, kind == CInt(IPPROTO_TCP) else {
            return false
        }
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout.size(ofValue: address))
        return withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(socket, $0, &length) == 0 }
        }
    }
}

extension ProcessTable {
    /// The numbers under which a process has sockets open.
    func sockets(of pid: Int32) throws(SystemError) -> [Int32] {
        let place = "/proc/\(pid)/fd"
        let result = clinux_openat(AT_FDCWD, place, O_RDONLY | O_DIRECTORY)
        if [ENOENT, ESRCH, EACCES, EPERM].contains(-result) { return [] }
        let directory = Descriptor(adopting: try check(result, "open", place))
        var found: [Int32] = []
        try DirectoryReader().forEachEntry(of: directory.number, place: place) { entry in
            guard let number = entry.number else { return }
            var target = [CChar](repeating: 0, count: 16)
            let length = readlinkat(directory.number, entry.name, &target, target.count)
            if length >= 7, target.prefix(7).map(UInt8.init(bitPattern:)) == Array("socket:".utf8) {
                found.append(number)
            }
        }
        return found
    }
}
