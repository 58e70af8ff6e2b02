// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Testing

@testable import LinuxSystem

/// As an old container's system call filter does it: this call answers ENOSYS from here on, for this process and its
/// children. One instruction of the filter is 16 bits of code, two jumps of 8, and 32 bits of operand.
private func forbid(call: UInt32) -> Bool {
    let loadNumber: UInt64 = 0x20
    let jumpUnlessEqual = UInt64(0x15) | 1 << 24 | UInt64(call) << 32
    let answerENOSYS = UInt64(0x06) | UInt64(0x0005_0000 | UInt32(ENOSYS)) << 32
    let allow = UInt64(0x06) | UInt64(0x7fff_0000) << 32
    var filter = [loadNumber, jumpUnlessEqual, answerENOSYS, allow]
    return filter.withUnsafeMutableBufferPointer { instructions in
        // struct sock_fprog: 16 bits of length, and at offset 8 the address.
        var program = (UInt64(instructions.count), UInt64(UInt(bitPattern: instructions.baseAddress)))
        return withUnsafePointer(to: &program) { program in
            controlProcess(PR_SET_NO_NEW_PRIVS, 1) == 0
                && controlProcess(PR_SET_SECCOMP, 2, UInt(bitPattern: program)) == 0
        }
    }
}

private let clone3: UInt32 = 435

extension LinuxSystemSuite {
    @Suite struct OldKernels {
        @Test func withoutClone3ChildrenStartAllTheSame() throws {
            #expect(
                try inChild {
                    guard forbid(call: clone3), probeSpawn(SpawnRequest(arguments: [], environment: [])) == nil else {
                        return false
                    }
                    let request = SpawnRequest(arguments: ["sh", "-c", "exit 7"].map { bytes($0) })
                    return try Child(request).finish() == .exited(7)
                })
        }

        @Test(.enabled(if: isCgroupWritable, "needs a writable cgroup of version 2"))
        func withoutClone3AChildJoinsItsCgroupBeforeItRuns() throws {
            let group = try #require(makeGroup())
            #expect(
                try inChild {
                    guard forbid(call: clone3) else { return false }
                    let child = try Child.sleeper(cgroup: group.directoryDescriptor)
                    var pids: [Int32] = []
                    try group.processes(into: &pids)
                    guard pids == [child.pid], child.send(.kill) == .delivered else { return false }
                    return try child.finish() == .signalled(.kill, coreDumped: false)
                })
            #expect(try group.remove())
        }

        @Test func withoutPidfdsThereIsAnError() throws {
            #expect(
                try inChild {
                    guard forbid(call: 434) else { return false }
                    do {
                        _ = try ProcessHandle.open(pid: CurrentProcess.pid)?.pid
                        return false
                    } catch {
                        return error as? SystemError
                            == SystemError("open", "process \(CurrentProcess.pid)", Errno(rawValue: ENOSYS))
                    }
                })
        }
    }
}
