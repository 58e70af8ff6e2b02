// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

private func parse(_ text: String) -> ProcessStat? {
    var text = text
    return text.withUTF8 { ProcessStat.parse(UnsafeRawBufferPointer($0)) }
}

private func owner(_ text: String) -> ProcessOwner? {
    var text = text
    return text.withUTF8 { ProcessTable.parseOwner(UnsafeRawBufferPointer($0)) }
}

private func line(
    pid: Int = 42, name: String = "cat", state: String = "S", flags: Int = 4_194_304, threads: Int = 1
) -> String {
    "\(pid) (\(name)) \(state) 7 8 9 34816 99 \(flags) 1 2 3 4 5 6 7 8 20 0 \(threads) 0 4711 1000 20 "
        + "18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0\n"
}

extension LinuxSystemSuite {
    @Suite struct StatLines {
        @Test func fieldsAreWhereTheManualSays() throws {
            let stat = try #require(parse(line()))
            #expect(stat.pid == 42)
            #expect(stat.state == UInt8(ascii: "S"))
            #expect(stat.parent == 7)
            #expect(stat.group == 8)
            #expect(stat.session == 9)
            #expect(stat.terminal == 34816)
            #expect(stat.threads == 1)
            #expect(stat.startTime == 4711)
            #expect(stat.name == bytes("cat"))
            #expect(!stat.isKernelThread)
            #expect(!stat.isStopped)
        }

        @Test(arguments: ["x) S 1", "(sd-pam)", "a b", "a\nb", "", ")", "((", ") (", "42 (x) R 1 1 1"])
        func namesCannotForgeFields(name: String) throws {
            let stat = try #require(parse(line(name: name)))
            #expect(stat.name == bytes(name))
            #expect(stat.parent == 7)
            #expect(stat.startTime == 4711)
        }

        @Test(arguments: [
            "", "42", "42 (cat", "42 (cat)", "42 (cat) S", "42 (cat) S 7 8 9", "(cat) S 7", ") 42 (", "x (y) S 1 2",
        ])
        func whatIsNoLineIsNil(text: String) { #expect(parse(text) == nil) }

        @Test func aTerminalOfMinusOneIsANumber() throws {
            let text = line().replacing("34816 99", with: "0 -1")
            #expect(try #require(parse(text)).terminal == 0)
        }

        @Test(arguments: [("Z", 1, true), ("Z", 0, true), ("X", 1, true), ("Z", 2, false), ("D", 1, false)])
        func aZombieWithOtherThreadsIsAlive(state: String, threads: Int, isDead: Bool) throws {
            #expect(try #require(parse(line(state: state, threads: threads))).isDead == isDead)
        }

        @Test func kernelThreadsAreKnownByTheirFlag() throws {
            #expect(try #require(parse(line(flags: 2_129_984))).isKernelThread)
        }
    }

    @Suite struct StatusFiles {
        @Test func userIDs() {
            let text = "Name:\tUid:\\n0\nUmask:\t0022\nPid:\t1\nUid:\t1000\t0\t65534\t0\nGid:\t1\t1\t1\t1\n"
            #expect(owner(text) == ProcessOwner(real: 1000, effective: 0, saved: 65534))
        }

        @Test(arguments: ["", "Name:\tx\n", "Name:\tx\nUid:\t1\t2", "Name:\tx\nUid:\t"])
        func whatIsCutOffIsNil(text: String) { #expect(owner(text) == nil) }
    }
}
