// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Testing

@testable import LinuxSystem

extension LinuxSystemSuite {
    @Suite struct StreamSockets {
        private let path = "/tmp/exeunt-stream-\(getpid())-\(UInt64.random(in: 0 ... .max))"

        /// A value that cannot be copied fits into no tuple.
        private final class End {
            let stream: StreamSocket
            init(_ stream: consuming StreamSocket) { self.stream = stream }
        }

        /// Both ends; the first is as a server has it on a kernel that cannot forbid descriptors.
        private func pair() throws -> (server: End, client: End) {
            var ends: [CInt] = [-1, -1]
            let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
            #expect(socketpair(AF_UNIX, type, 0, &ends) == 0)
            return (
                End(StreamSocket(adopting: Descriptor(adopting: ends[0]), canCarryDescriptors: true)),
                End(StreamSocket(adopting: Descriptor(adopting: ends[1])))
            )
        }

        @Test func aListenerReplacesAStaleName() throws {
            let stale = try StreamListener(path: path, mode: 0o600)
            let listener = try StreamListener(path: path, mode: 0o666)
            var found = stat()
            #expect(stat(path, &found) == 0 && found.st_mode & 0o7777 == 0o666)
            // The name is another's now.
            try stale.removeName()
            #expect(access(path, F_OK) == 0)
            #expect(access(path + ".new", F_OK) != 0)
            try listener.removeName()
            #expect(access(path, F_OK) != 0)
            try listener.removeName()
        }

        @Test func clientsAreAccepted() throws {
            let listener = try StreamListener(path: path, mode: 0o600)
            let isEmpty = try listener.accept() == nil
            #expect(isEmpty)
            let client = try StreamSocket.connect(to: path, patience: .seconds(5))
            try listener.removeName()
            guard let server = try listener.accept() else {
                Issue.record("nobody was accepted")
                return
            }
            for descriptor in [server.descriptor, client.descriptor] {
                #expect(fcntl(descriptor, F_GETFD) == FD_CLOEXEC)
                #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
            }
            let credentials = try server.peerCredentials()
            #expect(credentials.pid == getpid() && credentials.uid == geteuid() && credentials.gid == getegid())
            #expect(try Set(credentials.groups) == Set(CurrentProcess.groups()))
            guard let process = try server.peerProcess(credentials, in: ProcessTable()) else {
                Issue.record("the peer has no process")
                return
            }
            #expect(process.pid == getpid() && !process.hasExited)
        }

        @Test func aPeerThatHasExitedIsNobodyElse() throws {
            let listener = try StreamListener(path: path, mode: 0o600)
            let path = path
            #expect(try inChild { try StreamSocket.connect(to: path, patience: .seconds(5)).descriptor >= 0 })
            try listener.removeName()
            guard let server = try listener.accept() else {
                Issue.record("nobody was accepted")
                return
            }
            let credentials = try server.peerCredentials()
            let process = try server.peerProcess(credentials, in: ProcessTable())
            switch process {
            case .some(let process):
                let hasExited = process.hasExited
                #expect(hasExited)
            case .none: break
            }
        }

        /// As it is before Linux 6.5.
        @Test func aNumberIsBelievedOnlyOfWhoeverFitsIt() throws {
            let table = try ProcessTable()
            func isFound(_ pid: Int32, _ uid: UInt32) throws -> Bool {
                try StreamSocket.numberedProcess(PeerCredentials(pid: pid, uid: uid, gid: 0, groups: []), in: table)
                    != nil
            }
            #expect(try isFound(getpid(), geteuid()))
            #expect(try !isFound(getpid(), geteuid() + 1))
            let child = try Child.sleeper()
            #expect(try isFound(child.pid, geteuid()))
            #expect(child.send(.kill) == .delivered)
            #expect(child.exits(within: .seconds(20)))
            // A zombie has its number still.
            #expect(try !isFound(child.pid, geteuid()))
            #expect(try Children.reap(pid: child.pid) != nil)
            #expect(try !isFound(child.pid, geteuid()))
        }

        @Test func namesThatAreTooLongAreRefused() {
            let long = "/tmp/" + String(repeating: "x", count: 104)
            #expect(throws: SystemError("connect", long, .fileNameTooLong)) {
                _ = try StreamSocket.connect(to: long, patience: .zero)
            }
            #expect(throws: SystemError("bind", long + ".new", .fileNameTooLong)) {
                _ = try StreamListener(path: long, mode: 0o600)
            }
        }

        @Test func bytesComeAndEnd() throws {
            let (server, client) = try pair()
            #expect(try server.stream.receive(atMost: 10) == nil)
            #expect(try client.stream.send([1, 2, 3][...]) == 3)
            #expect(try server.stream.receive(atMost: 2) == .bytes([1, 2]))
            #expect(try server.stream.receive(atMost: 2) == .bytes([3]))
            client.stream.shutDown()
            #expect(try server.stream.receive(atMost: 2) == .end)
            #expect(throws: SystemError("send to", "connection", .brokenPipe)) { _ = try server.stream.send([1][...]) }
        }

        @Test func whatIsFullTakesNothing() throws {
            let (server, client) = try pair()
            let much = [UInt8](repeating: 7, count: 1 << 20)
            var sent = 0
            while true {
                let count = try client.stream.send(much[...])
                if count == 0 { break }
                sent += count
            }
            #expect(try !client.stream.waitForRoom(.zero))
            while case .bytes(let bytes) = try server.stream.receive(atMost: 1 << 16) { sent -= bytes.count }
            #expect(sent == 0)
            #expect(try client.stream.waitForRoom(.zero))
        }

        @Test func descriptorsInTheWayAreSeenBeforeTheyAreReceived() throws {
            let (server, client) = try pair()
            let pipe = try makePipe()
            #expect(try client.stream.send([1, 2][...]) == 2)
            try DescriptorPassing.send([pipe.readEnd.number], over: client.stream, patience: .seconds(1))
            // What was sent before them can come with them, or alone.
            var input = try server.stream.receive(atMost: 10)
            if input == .bytes([1, 2]) { input = try server.stream.receive(atMost: 10) }
            #expect(input == .descriptors)
        }

        @Test func exactlyTheDescriptorsThatAreExpectedAreReceived() throws {
            let (server, client) = try pair()
            let pipe = try makePipe()
            try DescriptorPassing.send(
                [pipe.readEnd.number, pipe.writeEnd.number], over: client.stream, patience: .seconds(1))
            let found = try DescriptorPassing.receive(2, from: server.stream.descriptor, patience: .seconds(1)) ?? []
            #expect(found.count == 2)
            for number in found {
                #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
                #expect(close(number) == 0)
            }
            let before = try listDirectory("/proc/self/fd").count
            try DescriptorPassing.send([0, 1, 2, 0], over: client.stream, patience: .seconds(1))
            #expect(try DescriptorPassing.receive(3, from: server.stream.descriptor, patience: .seconds(1)) == nil)
            #expect(try client.stream.send([7][...]) == 1)
            #expect(try DescriptorPassing.receive(3, from: server.stream.descriptor, patience: .seconds(1)) == nil)
            let many = [CInt](repeating: 0, count: DescriptorPassing.greatestCount + 1)
            try DescriptorPassing.send(many, over: client.stream, patience: .seconds(1))
            #expect(try DescriptorPassing.receive(3, from: server.stream.descriptor, patience: .seconds(1)) == nil)
            #expect(throws: SystemError("receive descriptors from", "connection", .timedOut)) {
                _ = try DescriptorPassing.receive(1, from: server.stream.descriptor, patience: .zero)
            }
            #expect(try listDirectory("/proc/self/fd").count == before)
        }

        /// Without the process that is left with it, closing the connection takes the minute that the sender has chosen.
        @Test func whatLingersIsLeftToSomebodyElse() throws {
            let listener = Descriptor(adopting: socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0))
            let start = MonotonicInstant.now()
            try leave(try lingering(60, listener))
            #expect(MonotonicInstant.now() - start < .seconds(10))
        }

        /// Sends it over a connection, and closes that.
        private func leave(_ descriptor: consuming Descriptor) throws {
            let ends = try pair()
            try send(descriptor, over: ends.client.stream)
            withExtendedLifetime(ends) {}
        }

        /// From here on the connection has the only reference to it.
        private func send(_ descriptor: consuming Descriptor, over stream: borrowing StreamSocket) throws {
            try DescriptorPassing.send([descriptor.number], over: stream, patience: .seconds(1))
        }

        /// A TCP socket with more to send than its other end takes, and which waits for that when it is closed.
        private func lingering(_ seconds: CInt, _ listener: borrowing Descriptor) throws -> Descriptor {
            let sender = Descriptor(adopting: socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    #expect(bind(listener.number, address, size) == 0 && listen(listener.number, 1) == 0)
                    #expect(getsockname(listener.number, address, &size) == 0)
                    #expect(connect(sender.number, address, size) == 0)
                }
            }
            var choice = linger(l_onoff: 1, l_linger: seconds)
            #expect(
                setsockopt(sender.number, SOL_SOCKET, SO_LINGER, &choice, socklen_t(MemoryLayout<linger>.size)) == 0)
            try sender.setNonblocking()
            let much = [UInt8](repeating: 0, count: 1 << 20)
            while Glibc.send(sender.number, much, much.count, CInt(MSG_NOSIGNAL)) > 0 {}
            return sender
        }
    }
}
