// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import LinuxSystem

/// Listens at a UNIX socket of this name, which may begin with NUL.
private func listen(at name: [UInt8]) throws -> Descriptor {
    let socket = Descriptor(adopting: socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket.number, $0, size) }
    }
    #expect(result == 0)
    #expect(Glibc.listen(socket.number, 1) == 0)
    return socket
}

/// With more patience than any machine needs.
private func attempt(_ address: ServerAddress) throws -> ServerTrial.Outcome {
    try ServerTrial.run(address, patience: .seconds(20))
}

extension LinuxSystemSuite {
    @Suite struct Host {
        @Test func mountsAreReadWhole() throws {
            let line =
                #"36 35 98:0 /mnt\0401 /mnt\0112 rw,noatime master:1 shared:2 - ext3 /dev/root ro,errors=continue"#
            let mount = try #require(MountEntry(bytes(line)[...]))
            #expect(mount.root == bytes("/mnt 1"))
            #expect(mount.point == bytes("/mnt\t2"))
            #expect(mount.type == "ext3")
            #expect(mount.options == ["rw", "noatime", "ro", "errors=continue"])
            #expect(mount.isReadOnly)
            #expect(MountEntry(bytes(line)[...], ofType: "ext3") == mount)
            #expect(MountEntry(bytes(line)[...], ofType: "ext") == nil)
            #expect(MountEntry(bytes("36 35 98:0 / /mnt rw")[...]) == nil)
            #expect(try MountEntry.all().contains { $0.type == "proc" })
        }

        @Test func thisProcIsItsOwn() {
            #expect(ProcView.current() == .own)
        }

        @Test func everybodyIsInSomeNamespace() {
            #expect(Namespace.pid.isInitial != nil)
            #expect(Namespace.user.isInitial != nil)
            #expect(Namespace.cgroup.isInitial != nil)
        }

        @Test func limitsAreThoseOfTheShell() throws {
            for (limit, option) in [
                (try ResourceLimit.current(.nofile), "n"), (try ResourceLimit.current(.nproc), "u"),
            ] {
                // Its own shell: the plain one may not know the limit of processes.
                let said = try run("exec bash -c 'ulimit -S\(option); ulimit -H\(option)'").text.split(separator: "\n")
                let words = [limit.soft, limit.hard].map { $0.map { String($0) } ?? "unlimited" }
                #expect(said.map { String($0) } == words)
            }
        }

        @Test func filesSayWhoseTheyAre() throws {
            let own = try FileFacts.of("/proc/self")
            #expect(own.isDirectory)
            #expect(own.owner == CurrentProcess.effectiveUID)
            #expect(throws: SystemError("look at", "/nonexistent", .noSuchFileOrDirectory)) {
                try FileFacts.of("/nonexistent")
            }
            #expect(ExtendedAttribute.value(of: "user.delegate", at: "/nonexistent") == nil)
            #expect(ExtendedAttribute.value(of: "user.nonexistent", at: "/proc/self/exe") == nil)
        }

        @Test func orphansComeToASubreaper() {
            #expect(OrphanTrial.run() == true)
            #expect(KernelFeatures.probe().subreaper)
        }

        @Test func aServerIsFoundOrNot() throws {
            let name = bytes("exeunt-test-\(CurrentProcess.pid)")
            #expect(try attempt(.abstract(name)) == .refused(.connectionRefused))
            let abstract = try listen(at: [0] + name)
            #expect(try attempt(.abstract(name)) == .connected)
            let path = bytes("/tmp/") + name
            #expect(try attempt(.path(path)) == .refused(.noSuchFileOrDirectory))
            let socket = try listen(at: path)
            #expect(try attempt(.path(path)) == .connected)
            _ = try run("rm " + String(decoding: path, as: UTF8.self))
            #expect(try attempt(.path(path + Array(repeating: 97, count: 200))) == .refused(.fileNameTooLong))
            // Port 1 is nobody's, and names under .invalid stand for nothing.
            #expect(try attempt(.network(host: "127.0.0.1", port: 1)) == .refused(.connectionRefused))
            #expect([.unknownHost, .silent].contains(try attempt(.network(host: "a.invalid", port: 1))))
            #expect(abstract.number != socket.number)
        }

        @Test func aServerThatKeepsWaitingIsLeft() throws {
            let name = bytes("exeunt-full-\(CurrentProcess.pid)")
            let server = try listen(at: [0] + name)
            // The queue is full before anybody is taken from it.
            var last = ServerTrial.Outcome.connected
            for _ in 0..<4 where last == .connected {
                last = try ServerTrial.run(.abstract(name), patience: .milliseconds(100))
            }
            #expect(last == .silent || last == .connected)
            #expect(try Children.peek() == .none)
            #expect(server.number > 2)
        }
    }
}
