// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

/// A group of the test's own below the caller's. nil where that is not allowed.
func makeGroup() -> Cgroup? {
    // try?: where there is none, or none may be made, the tests are skipped.
    guard let own = try? CgroupHierarchy.locate()?.ownPath else { return nil }
    return try? Cgroup.create(named: "exeunt-unit-\(CurrentProcess.pid)", below: own)
}

let isCgroupWritable: Bool = {
    guard let group = makeGroup() else { return false }
    return (try? group.remove()) ?? false  // try?: not removed is not usable
}()

extension LinuxSystemSuite {
    @Suite(.enabled(if: isCgroupWritable, "needs a writable cgroup of version 2")) struct Cgroups {
        @Test func childrenAreBornInIt() throws {
            let group = try #require(makeGroup())
            #expect(try !group.isPopulated())
            let child = try Child.sleeper(cgroup: group.directoryDescriptor)
            var pids: [Int32] = [99]
            try group.processes(into: &pids)
            #expect(pids == [child.pid])
            #expect(try group.isPopulated())
            let path = try #require(try ProcessTable().cgroupPath(child.pid))
            #expect(group.path.hasSuffix(String(decoding: path, as: UTF8.self)))
            #expect(try !group.remove(patience: .milliseconds(5)))
            try group.kill()
            #expect(try child.finish() == .signalled(.kill, coreDumped: false))
            #expect(try group.remove())
        }

        @Test func itsEventsWakeTheLoop() throws {
            let group = try #require(makeGroup())
            let child = try Child.sleeper(cgroup: group.directoryDescriptor)
            let loop = try EventLoop()
            var wakes = 0
            let events = try group.eventsDescriptor()
            try loop.watch(events, for: .priority) { found in
                #expect(found.contains(.priority))
                wakes += 1
                if (try? group.isPopulated()) == false { loop.stop() }  // try?: then the test does not end
            }
            #expect(try group.isPopulated())
            try group.kill()
            try loop.run()
            #expect(wakes >= 1)
            _ = try child.finish()
            #expect(try group.remove())
        }

        @Test func subGroupsAreListedThawedAndRemoved() throws {
            let group = try #require(makeGroup())
            #expect(!group.hasSubgroups())
            let first = try Cgroup.create(named: "a", below: group.path)
            let second = try Cgroup.create(named: "b", below: first.path)
            _ = try Cgroup.create(named: "c", below: group.path)
            #expect(group.hasSubgroups())
            let outer = try Child.sleeper(cgroup: group.directoryDescriptor)
            let inner = try Child.sleeper(cgroup: second.directoryDescriptor)
            var pids: [Int32] = []
            try group.processes(into: &pids)
            #expect(Set(pids) == [outer.pid, inner.pid])
            try second.setFrozen(true)
            while try !second.isFrozen() {}
            #expect(try !group.isFrozen())
            try group.thawDescendants()
            while try second.isFrozen() {}
            try group.kill()
            _ = try outer.finish()
            _ = try inner.finish()
            #expect(try group.remove())
        }

        @Test func aThreadedSubGroupIsNoObstacle() throws {
            let group = try #require(makeGroup())
            let threads = try Cgroup.create(named: "t", below: group.path)
            let child = try Child.sleeper(cgroup: group.directoryDescriptor)
            let path = threads.path
            #expect(
                try run("echo threaded >\(path)/cgroup.type; echo \(child.pid) >\(path)/cgroup.threads").status
                    == .exited(0))
            var pids: [Int32] = []
            try group.processes(into: &pids)
            #expect(pids == [child.pid])
            try group.kill()
            _ = try child.finish()
            #expect(try group.remove())
        }

        @Test func deepNestsAreRemoved() throws {
            let group = try #require(makeGroup())
            // One line of names would be longer than a path may be.
            _ = try run("cd \(group.path); for n in $(seq 200); do mkdir averylongname; cd averylongname; done")
            var pids: [Int32] = []
            try group.processes(into: &pids)
            #expect(pids.isEmpty)
            #expect(try group.remove())
        }

        @Test func aRemovedGroupIsEmpty() throws {
            let group = try #require(makeGroup())
            let again = try Cgroup.open(group.path)
            #expect(try !again.isPopulated())
            #expect(try group.remove())
            for gone in [group, again] {
                #expect(try !gone.isPopulated())
                #expect(try !gone.isFrozen())
                var pids: [Int32] = []
                try gone.processes(into: &pids)
                #expect(pids.isEmpty)
                try gone.kill()
                try gone.setFrozen(true)
                try gone.thawDescendants()
                #expect(!gone.hasSubgroups())
                #expect(try gone.remove())
            }
        }

        @Test func manyProcessesAreAllListed() throws {
            let group = try #require(makeGroup())
            let children = try (0..<50).map { _ in try Child.sleeper(cgroup: group.directoryDescriptor) }
            var pids: [Int32] = []
            try group.processes(into: &pids)
            #expect(Set(pids) == Set(children.map(\.pid)))
            try group.kill()
            for child in children { _ = try child.finish() }
            #expect(try group.remove())
        }

        @Test func removalWaitsForThoseWhoAreJustLeaving() throws {
            let group = try #require(makeGroup())
            let children = try (0..<50).map { _ in try Child.sleeper(cgroup: group.directoryDescriptor) }
            try group.kill()
            #expect(try group.remove(patience: .seconds(5)))
            for child in children { _ = try child.finish() }
        }

        @Test func birthIsProbed() throws {
            let group = try #require(makeGroup())
            #expect(KernelFeatures.obstacleToBirth(in: group) == nil)
            #expect(try group.remove())
            #expect(KernelFeatures.obstacleToBirth(in: group)?.stage == .cgroup)
        }

        @Test func whatIsNoCgroupIsRefused() {
            #expect(throws: SystemError("open", "cgroup /tmp", .invalidArgument)) { try Cgroup.open("/tmp") }
            #expect(throws: SystemError("open", "cgroup /nonexistent", .noSuchFileOrDirectory)) {
                try Cgroup.open("/nonexistent")
            }
        }
    }
}
