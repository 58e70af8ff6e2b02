// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

private let name = bytes("EXEUNT_TEST_MARK")

private let python = "/usr/bin/python3"
private let hasPython = (try? FileIdentity.of(path: python)) != nil  // try?: then there is none

private func scan(_ children: [Child], _ value: String, sameUID: UInt32? = nil) throws -> EnvironmentScan.Result {
    try EnvironmentScan.run(pids: children.map(\.pid), name: name, value: bytes(value), sameUID: sameUID)
}

extension LinuxSystemSuite {
    @Suite struct Scanning {
        @Test func exactlyTheMarkedProcessesAreFound() throws {
            let environments = [
                ["EXEUNT_TEST_MARK=one"], ["A=1", "EXEUNT_TEST_MARK=one", "B=2"], ["EXEUNT_TEST_MARK=one2"],
                ["XEXEUNT_TEST_MARK=one"], ["EXEUNT_TEST_MARK="], [], ["X=EXEUNT_TEST_MARK=one"],
            ]
            let children = try environments.map { try Child.sleeper(environment: $0.map { bytes($0) }) }
            #expect(try scan(children, "one").matches == children[..<2].map(\.pid))
            #expect(try scan(children, "one2").matches == [children[2].pid])
            #expect(try scan(children, "").matches.isEmpty)
            #expect(try scan(children, "one", sameUID: CurrentProcess.uid).matches.count == 2)
            #expect(try scan(children, "one", sameUID: CurrentProcess.uid &+ 1).matches.isEmpty)
            for child in children { try child.kill() }
            #expect(try scan(children, "one") == EnvironmentScan.Result())
        }

        @Test func hugeEnvironmentsAreReadToTheirEnd() throws {
            let filling = (0..<15).map { bytes("FILL\($0)=") + [UInt8](repeating: 88, count: 120_000) }
            let child = try Child.sleeper(environment: filling + [bytes("EXEUNT_TEST_MARK=end")])
            // While the kernel still lays the strings out, the end of them cannot be read yet: look again, as an ending does.
            let isFound = try (0..<1000).contains { _ in try scan([child], "end").matches == [child.pid] }
            #expect(isFound)
            try child.kill()
        }

        @Test(.enabled(if: hasPython, "needs /usr/bin/python3, to end a main thread before the others"))
        func theOtherThreadsOfAMainThreadThatHasExitedAreAsked() throws {
            let program = """
                from ctypes import CDLL
                from threading import Thread
                from time import sleep
                Thread(target=sleep, args=(60,)).start()
                CDLL(None).pthread_exit(None)
                """
            let child = try Child(
                SpawnRequest(
                    arguments: [python, "-c", program].map { bytes($0) },
                    environment: [bytes("EXEUNT_TEST_MARK=threads")]))
            let table = try ProcessTable()
            while let stat = try table.stat(child.pid), stat.state != UInt8(ascii: "Z") {}
            #expect(try #require(try table.stat(child.pid)).isDead == false)
            #expect(!child.hasExited)
            #expect(try scan([child], "threads").matches == [child.pid])
            #expect(try scan([child], "other") == EnvironmentScan.Result())
            #expect(try table.executableIdentity(child.pid) == FileIdentity.of(path: python))
            #expect(table.executablePath(child.pid)?.starts(with: bytes(python)) == true)
            try child.kill()
        }

        @Test func aProcessBetweenTwoProgramsIsAskedAgain() throws {
            // Hardly ever caught in the act one by one; of many some are.
            for _ in 0..<200 {
                let child = try Child.sleeper(environment: [bytes("EXEUNT_TEST_MARK=new")])
                let found = try scan([child], "new")
                try child.kill()
                // On a machine that is too busy to finish the exec within the patience it is at least not passed over.
                try #require(found.matches + found.unreadable == [child.pid])
            }
        }

        @Test func aReadThatNeverReturnsIsPassedOver() throws {
            // Opening a FIFO that nobody writes to stands for memory that never arrives.
            let directory = try run(
                """
                cd "$(mktemp -d)"; pwd; mkdir 11 12 13 14 15
                for n in 11 13 15; do printf 'EXEUNT_TEST_MARK=x\\0' >$n/environ; done
                mkfifo 12/environ 14/environ
                """
            ).text.split(separator: "\n").joined()
            defer { _ = try? run("rm -r \(directory)") }  // try?: nothing to do about it
            let pids: [Int32] = [11, 12, 13, 14, 15, 16]
            let table = try ProcessTable(directory: directory)
            let scan = { (limit: Duration) in
                let terms = EnvironmentScan.Terms(
                    name: name, value: bytes("x"), proc: table.directory, patience: .milliseconds(100),
                    deadline: .now() + limit)
                return try EnvironmentScan.scan(pids, terms)
            }
            let result = try scan(.seconds(60))
            #expect(result.matches == [11, 13, 15])
            #expect(result.unreadable == [12, 14])
            #expect(result.stuckReaders.isEmpty)
            // After the limit nobody is asked, and nobody counts as asked.
            #expect(try scan(.milliseconds(20)).unreadable.suffix(2) == [15, 16])
            #expect(try scan(.zero).unreadable == pids)
            #expect(try Children.peek() == .none)
        }
    }
}
