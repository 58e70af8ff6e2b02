// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

extension LinuxSystemSuite {
    @Suite struct Processes {
        @Test func aHandleKnowsWhenItsProcessIsGone() throws {
            let child = try Child.sleeper()
            #expect(!child.hasExited)
            #expect(!child.exits(within: .milliseconds(10)))
            #expect(child.send(.term) == .delivered)
            #expect(child.exits(within: .seconds(5)))
            #expect(child.hasExited)
            // A zombie still takes signals; only a reaped process is gone.
            #expect(child.send(.term) == .delivered)
            #expect(try Children.peek() == .exited(pid: child.pid, .signalled(.term, coreDumped: false)))
            #expect(try Children.reap(pid: child.pid) == .signalled(.term, coreDumped: false))
            #expect(child.send(.term) == .gone)
            #expect(try Children.reap(pid: child.pid) == nil)
            let again = try ProcessHandle.open(pid: child.pid) == nil
            #expect(again)
        }

        @Test func aForkedChildIsWatchedOrNotThere() throws {
            guard case .parent(let child) = try CurrentProcess.fork() else {
                CurrentProcess.exit(Self.forkWithFewDescriptors())
            }
            var status: LinuxSystem.ExitStatus?
            while status == nil { status = try Children.reap(pid: child) }
            #expect(status == .exited(0))
        }

        /// In a process of its own: what is wrong, as an exit code.
        private static func forkWithFewDescriptors() -> Int32 {
            do {
                try ResourceLimit(soft: 256, hard: 256).apply(to: .nofile)
                var held: [Holder] = []
                // try?: until there is none left.
                while let more = try? Holder() { held.append(more) }
                // As many as the gate takes: the handle gets one of them.
                _ = held.popLast()
                _ = held.popLast()
                switch try CurrentProcess.forkWatched() {
                case .child: CurrentProcess.exit(7)
                case .parent(let child):
                    guard child.waitForExit(.seconds(20)), try Children.reap(pid: child.pid) == .exited(7) else {
                        return 2
                    }
                }
                held.append(try Holder())
                do throws(SystemError) {
                    _ = try CurrentProcess.forkWatched()
                    return 3
                } catch {
                    let isNobodyThere = try Children.peek() == .none
                    return error.errno == .tooManyOpenFiles && isNobodyThere ? 0 : 4
                }
            } catch {
                return 5
            }
        }

        private final class Holder {
            private let descriptor: ProcessHandle

            init() throws {
                guard let own = try ProcessHandle.open(pid: CurrentProcess.pid) else { throw Missing() }
                descriptor = own
            }

            struct Missing: Error {}
        }

        @Test func numbersThatAreNoProcess() throws {
            for pid: Int32 in [0, -1, .min] {
                let isNobody = try ProcessHandle.open(pid: pid) == nil
                #expect(isNobody)
                #expect(try Children.peek(pid: pid) == .none)
                #expect(try Children.reap(pid: pid) == nil)
            }
        }

        @Test func stopAndContinueAreNews() throws {
            let child = try Child.sleeper()
            #expect(child.send(.stop) == .delivered)
            var stopped: Signal?
            while stopped == nil { stopped = try Children.peekStop(pid: child.pid) }
            #expect(stopped == .stop)
            #expect(try Children.peekStop(pid: child.pid) == nil)
            #expect(try #require(try ProcessTable().stat(child.pid)).isStopped)
            #expect(try Children.peek() == .running)
            #expect(child.send(.cont) == .delivered)
            while try !Children.peekContinued(pid: child.pid) {}
            try child.kill()
        }

        @Test func aGroupIsSignalledWhereTheKernelCan() throws {
            var request = SpawnRequest(arguments: ["sh", "-c", "sleep 60 & wait"].map { bytes($0) })
            request.leadsGroup = true
            let child = try Child(request)
            let delivery = child.send(.kill, to: .group)
            if KernelFeatures.probe().processGroupSignals {
                #expect(delivery == .delivered)
            } else {
                #expect(delivery == .unsupported)
                #expect(child.send(.kill) == .delivered)
            }
            #expect(try child.finish() == .signalled(.kill, coreDumped: false))
        }

        @Test func whatCannotBeASignalFails() throws {
            let child = try Child.sleeper()
            #expect(child.send(Signal(rawValue: 99)) == .failed(.invalidArgument))
            try child.kill()
        }

        @Test func signalsAreQueuedWithTheirSender() throws {
            #expect(
                try inChild {
                    // The threads that run tests block signals.
                    try CurrentProcess.setSignalMask(.none)
                    let queue = try SignalQueue(blocking: [.usr1, .chld])
                    guard try queue.next() == nil, !queue.originalMask.contains(.usr1),
                        let own = try ProcessHandle.open(pid: CurrentProcess.pid)
                    else { return false }
                    guard own.send(.usr1) == .delivered, let received = try queue.next() else { return false }
                    return received.signal == .usr1 && received.sender == CurrentProcess.pid && !received.isFromKernel
                        && received.senderUID == CurrentProcess.uid
                })
        }

        @Test func aSubreaperInherits() throws {
            #expect(
                try inChild {
                    try CurrentProcess.becomeSubreaper()
                    var request = SpawnRequest(arguments: ["sh", "-c", "sleep 60 & exit 0"].map { bytes($0) })
                    request.signalMask = .none
                    guard try Child(request).finish() == .exited(0) else { return false }
                    guard let orphan = try ProcessTable().children(of: CurrentProcess.pid, threads: 1)?.first,
                        let handle = try ProcessHandle.open(pid: orphan)
                    else { return false }
                    guard handle.send(.kill) == .delivered, handle.waitForExit(.seconds(5)) else { return false }
                    return try Children.reap(pid: orphan) == .signalled(.kill, coreDumped: false)
                })
        }

        @Test func theParentsDeathIsSignalled() throws {
            let pipe = try makePipe()
            let isDone = try inChild {
                var request = SpawnRequest(arguments: [bytes("sleep"), bytes("60")])
                request.parentDeathSignal = .kill
                let child = try Child(request)
                try pipe.writeEnd.write(bytes(String(child.pid)))
                return true
            }
            #expect(isDone)
            let text = String(decoding: try takeReadEnd(pipe).readToEnd(), as: UTF8.self)
            // Either it is gone, or about to be: its handle says which.
            let handle = try ProcessHandle.open(pid: try #require(Int32(text)))
            let isGone = handle?.waitForExit(.seconds(5)) ?? true
            #expect(isGone)
        }

        @Test func theTableSeesThisProcess() throws {
            let table = try ProcessTable()
            var pids: [Int32] = []
            try table.allPIDs(into: &pids)
            #expect(pids.contains(CurrentProcess.pid))
            let own = try #require(try table.stat(CurrentProcess.pid))
            #expect(own.parent == CurrentProcess.parent)
            #expect(own.group == CurrentProcess.group)
            #expect(own.session == CurrentProcess.session)
            #expect(try table.owner(CurrentProcess.pid)?.real == CurrentProcess.uid)
            #expect(table.executableIdentity(CurrentProcess.pid) == (try CurrentProcess.executableIdentity()))
            #expect(table.executablePath(CurrentProcess.pid)?.first == UInt8(ascii: "/"))
        }

        @Test func theTableHasNothingOfNobody() throws {
            let table = try ProcessTable()
            for pid: Int32 in [0, -1, .min, .max] {
                #expect(try table.stat(pid) == nil)
                #expect(try table.owner(pid) == nil)
                #expect(try table.children(of: pid, threads: 1) == nil)
                #expect(try table.children(of: pid, threads: 2) == nil)
                #expect(table.executablePath(pid) == nil)
                #expect(table.executableIdentity(pid) == nil)
                #expect(try table.cgroupPath(pid) == nil)
                #expect(try table.auditSession(pid) == nil)
                #expect(table.waitChannel(pid) == nil)
            }
        }

        @Test func manyChildrenAreAllListed() throws {
            #expect(
                try inChild {
                    var expected: Set<Int32> = []
                    for _ in 0..<300 {
                        guard case .parent(let child) = try CurrentProcess.fork() else { CurrentProcess.exit(0) }
                        expected.insert(child)
                    }
                    let table = try ProcessTable()
                    let one = try table.children(of: CurrentProcess.pid, threads: 1)
                    let all = try table.children(of: CurrentProcess.pid, threads: 2)
                    for child in expected {
                        guard let handle = try ProcessHandle.open(pid: child) else { return false }
                        guard handle.waitForExit(.seconds(5)) else { return false }
                        guard try Children.reap(pid: child) == .exited(0) else { return false }
                    }
                    return Set(one ?? []) == expected && Set(all ?? []) == expected
                })
        }

        @Test(arguments: ["x) S 1", "(sd-pam)", "a b", "a\nb", "", ")"])
        func aNameForgesNothing(name: String) throws {
            guard case .parent(let pid) = try CurrentProcess.fork() else {
                try? CurrentProcess.setName(name)  // try?: the parent sees that it did not work
                CurrentProcess.stop()
                CurrentProcess.exit(0)
            }
            while try Children.peekStop(pid: pid) == nil {}
            let table = try ProcessTable()
            let stat = try #require(try table.stat(pid))
            #expect(stat.name == bytes(name))
            #expect(stat.parent == CurrentProcess.pid)
            #expect(stat.isStopped)
            #expect(try table.owner(pid)?.real == CurrentProcess.uid)
            let delivery = try ProcessHandle.open(pid: pid)?.send(.kill)
            #expect(delivery == .delivered)
            let hasExited = try ProcessHandle.open(pid: pid)?.waitForExit(.seconds(5))
            #expect(hasExited == true)
            #expect(try Children.reap(pid: pid) == .signalled(.kill, coreDumped: false))
        }

        @Test func theKernelIsProbed() throws {
            let features = KernelFeatures.probe()
            #expect(features.pidfd)
            #expect(features.subreaper)
            #expect(features.release.first?.isNumber == true)
            #expect(try Children.peek() == .none)
        }
    }
}
