// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

private func openCount() throws -> Int { try CurrentProcess.openDescriptors().count }

extension LinuxSystemSuite {
    @Suite struct Descriptors {
        @Test func whatIsWrittenIsRead() throws {
            let pipe = try makePipe()
            try pipe.writeEnd.write(bytes("exeunt"))
            #expect(try takeReadEnd(pipe).readToEnd() == bytes("exeunt"))
        }

        @Test func aNonblockingDescriptorHasNothingYet() throws {
            let pair = try makeSocketPair()
            try pair.first.setNonblocking()
            try withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
                var counts = [try pair.first.read(into: buffer)]
                try pair.second.write(bytes("ab"))
                try pair.second.write(bytes("c"))
                counts.append(try pair.first.read(into: buffer))
                counts.append(try pair.first.read(into: buffer))
                #expect(counts == [nil, 2, 1])
            }
        }

        @Test func errorsSayWhatWasRead() {
            #expect(throws: SystemError("open", "/nonexistent", .noSuchFileOrDirectory)) {
                try readFile("/nonexistent")
            }
            #expect(throws: SystemError("read", "/etc", .isDirectory)) { try readFile("/etc") }
        }

        @Test func releaseGivesUpOwnership() throws {
            let pipe = try makePipe()
            let number = takeReadEnd(pipe).release()
            let owner = Descriptor(adopting: number)
            let isOpen = try CurrentProcess.openDescriptors().contains(owner.number)
            #expect(isOpen)
        }

        @Test func nothingLeaks() throws {
            // In a child: threads of the test runner open and close descriptors of their own.
            #expect(
                try inChild {
                    let before = try openCount()
                    // The counter itself: it sees more, and it sees less.
                    let extra = try makePipe()
                    guard try openCount() == before + 2 else { return false }
                    _ = consume extra
                    guard try openCount() == before else { return false }
                    for _ in 0..<3 { try useEverything() }
                    return try openCount() == before
                })
        }

        private func useEverything() throws {
            _ = try run("true")
            _ = try? Child(SpawnRequest(arguments: [bytes("/nonexistent")]))  // try?: it is meant to fail
            var request = SpawnRequest(arguments: [bytes("x")])
            request.candidates = [bytes("/nonexistent")]
            _ = try? Child(request)  // try?: it is meant to fail
            _ = probeSpawn(SpawnRequest(arguments: [], environment: []))
            let table = try ProcessTable()
            var pids: [Int32] = []
            try table.allPIDs(into: &pids)
            for pid in pids {
                _ = try table.stat(pid)
                _ = try table.children(of: pid, threads: 2)
                _ = try ProcessHandle.open(pid: pid)?.hasExited
            }
            _ = try EnvironmentScan.run(pids: pids, name: bytes("A"), value: bytes("b"), sameUID: nil)
            _ = KernelFeatures.probe()
            _ = try CgroupHierarchy.locate()
            let loop = try EventLoop()
            try loop.runOnce(timeout: .zero)
            _ = ControllingTerminal.open()?.foregroundGroup
        }

        @Test func inheritedDescriptorsAreClosedAndOwnOnesKept() throws {
            let pipe = try makePipe()
            let own = pipe.readEnd.number
            #expect(
                try inChild {
                    // Without close-on-exec, as what was inherited is.
                    try CurrentProcess.closeInheritedDescriptors(replacingStandard: [50, 51])
                    guard try CurrentProcess.openDescriptors().filter({ $0 >= 50 }).count >= 2 else { return false }
                    try CurrentProcess.closeInheritedDescriptors(keeping: [51])
                    let open = try CurrentProcess.openDescriptors()
                    return open.contains(own) && open.contains(51) && !open.contains(50)
                })
        }

        @Test func standardDescriptorsBecomeNull() throws {
            #expect(
                try inChild {
                    try CurrentProcess.closeInheritedDescriptors(replacingStandard: [0, 1])
                    let null = try FileIdentity.of(path: "/dev/null")
                    return try FileIdentity.of(path: "/proc/self/fd/0") == null
                        && FileIdentity.of(path: "/proc/self/fd/1") == null
                })
        }

        @Test func closedStandardDescriptorsAreFilled() throws {
            #expect(
                try inChild {
                    _ = Descriptor(adopting: 0)
                    _ = Descriptor(adopting: 2)
                    let filled = try CurrentProcess.fillStandardDescriptors()
                    return try filled == [0, 2] && CurrentProcess.openDescriptors().starts(with: [0, 1, 2])
                        && CurrentProcess.fillStandardDescriptors().isEmpty
                })
        }

        @Test func theLimitIsRaised() throws {
            #expect(
                try inChild {
                    let before = try CurrentProcess.raiseDescriptorLimit()
                    let after = try CurrentProcess.raiseDescriptorLimit()
                    return after.soft == before.hard && after.hard == before.hard
                })
        }
    }
}
