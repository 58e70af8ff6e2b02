// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

private func failure(_ arguments: [String]) -> SpawnError? {
    do {
        _ = try Child(SpawnRequest(arguments: arguments.map { bytes($0) })).finish()
        return nil
    } catch {
        return error as? SpawnError
    }
}

extension LinuxSystemSuite {
    @Suite struct Spawning {
        @Test func argumentsAndEnvironmentArriveAsTheyAre() throws {
            let (text, status) = try run("printf '%s|' \"$@\" \"$A\" \"${B-unset}\"") { request in
                request.arguments += ["sh", "", "a b", "\u{e9}"].map { bytes($0) }
                request.environment = [bytes("A=x=y"), bytes("PATH=/bin")]
            }
            #expect(text == "|a b|\u{e9}|x=y|unset|")
            #expect(status == .exited(0))
        }

        @Test func statusOfExitAndSignal() throws {
            #expect(try run("exit 77").status == .exited(77))
            #expect(try run("kill -USR1 $$").status == .signalled(.usr1, coreDumped: false))
        }

        @Test func aGroupOfItsOwnOrTheCallers() throws {
            let script = "read -r _ _ _ _ group _ </proc/self/stat; echo $$ $group"
            let own = try run(script) { $0.leadsGroup = true }.text.split { " \n".contains($0) }
            #expect(own.count == 2)
            #expect(own.first == own.last)
            let shared = try run(script).text.split { " \n".contains($0) }
            #expect(shared.last.map(String.init) == String(CurrentProcess.group))
        }

        @Test func signalsAreAsAskedFor() throws {
            let script =
                "while read -r key value; do case $key in SigBlk:|SigIgn:) echo $value;; esac; done "
                + "</proc/self/status"
            let plain = try run(script).text.split(separator: "\n")
            #expect(plain == ["0000000000000000", "0000000000000000"])
            let changed = try run(script) { request in
                request.signalMask = SignalSet([.usr2])
                request.ignoredSignals = SignalSet([.hup, .winch])
            }.text.split(separator: "\n")
            #expect(changed == ["0000000000000800", "0000000008000001"])
        }

        @Test func theCallersMaskIsPutBack() throws {
            let before = try CurrentProcess.setSignalMask(SignalSet([.usr1]))
            _ = try run("true")
            let after = try CurrentProcess.setSignalMask(before)
            #expect(after == SignalSet([.usr1]))
        }

        @Test func theLimitOfDescriptorsIsSet() throws {
            let limit = ResourceLimit(soft: 77, hard: 99)
            #expect(try run("ulimit -Sn; ulimit -Hn") { $0.limits[.nofile] = limit }.text == "77\n99\n")
        }

        @Test func descriptorsOfTheCallerAreNotPassedOn() throws {
            let pipe = try makePipe()
            let script =
                "for n in \(pipe.readEnd.number) \(pipe.writeEnd.number); do [ -e /proc/self/fd/$n ] && echo $n; done"
            #expect(try run(script).text.isEmpty)
        }

        @Test func aCommandThatIsNotThere() {
            let error = failure(["/nonexistent/x"])
            #expect(error?.description == "execute /nonexistent/x: no such file or directory [ENOENT]")
            #expect(error?.isCommandMissing == true)
            #expect(failure(["exeunt-no-such-command"])?.isCommandMissing == true)
            #expect(failure([""])?.description == "execute \"\": no such file or directory [ENOENT]")
            #expect(failure(["/etc/passwd/x"])?.isCommandMissing == true)
        }

        @Test func aCommandThatCannotBeExecuted() {
            #expect(failure(["/etc"])?.description == "execute /etc: is a directory [EISDIR]")
            #expect(failure(["/etc"])?.isCommandMissing == false)
            #expect(failure(["/etc/passwd"])?.description == "execute /etc/passwd: permission denied [EACCES]")
        }

        @Test func failuresThatOnlyExecSees() throws {
            for (path, errno) in [("/etc", Errno.isDirectory), ("/nonexistent", .noSuchFileOrDirectory)] {
                var request = SpawnRequest(arguments: [bytes("x")])
                request.candidates = [bytes(path)]
                #expect(throws: CommandSearch.failure(bytes(path), errno)) { try Child(request).finish() }
            }
            #expect(try Children.peek() == .none)
        }

        @Test func theSearchTriesEveryDirectory() throws {
            let found = try CommandSearch.candidates(for: bytes("sh"), path: bytes("/nonexistent::/etc:/bin:/usr/bin"))
            #expect(found == [bytes("/bin/sh"), bytes("/usr/bin/sh")])
            #expect(
                try CommandSearch.candidates(for: bytes("sh"), path: nil) == [bytes("/bin/sh"), bytes("/usr/bin/sh")])
            #expect(throws: CommandSearch.failure(bytes("/etc/passwd"), .permissionDenied)) {
                try CommandSearch.candidates(for: bytes("passwd"), path: bytes("/etc"))
            }
        }

        @Test func aPlaceThatCannotBeLookedIntoHasNothing() throws {
            let directory = try run("cd \"$(mktemp -d)\"; pwd; printf '' >x; chmod 755 x; mkdir d").text
            let path = directory.split(separator: "\n").joined()
            defer { _ = try? run("rm -r \(path)") }  // try?: nothing to do about it
            let missing = CommandSearch.failure(bytes("d"), .noSuchFileOrDirectory)
            #expect(throws: missing) { try CommandSearch.candidates(for: bytes("d"), path: bytes(path)) }
            let found = try CommandSearch.candidates(for: bytes("x"), path: bytes("\(path)/x:\(path)"))
            #expect(found == [bytes("\(path)/x")])
            // Root looks into everything.
            if CurrentProcess.uid != 0 {
                _ = try run("chmod 0 \(path)")
                let unseen = CommandSearch.failure(bytes("x"), .noSuchFileOrDirectory)
                #expect(throws: unseen) { try CommandSearch.candidates(for: bytes("x"), path: bytes(path)) }
                _ = try run("chmod 755 \(path)")
            }
        }

        @Test func theFirstCandidateThatRunsWins() throws {
            var request = SpawnRequest(arguments: ["sh", "-c", "exit 5"].map { bytes($0) })
            request.candidates = ["/nonexistent", "/etc/passwd", "/bin/sh"].map { bytes($0) }
            #expect(try Child(request).finish() == .exited(5))
            request.candidates = ["/etc/passwd", "/nonexistent"].map { bytes($0) }
            #expect(throws: CommandSearch.failure(bytes("/etc/passwd"), .permissionDenied)) { try Child(request) }
        }

        @Test func scripts() throws {
            let directory = try run("mktemp -d").text.split(separator: "\n").joined()
            defer { _ = try? run("rm -r \(directory)") }  // try?: nothing to do about it
            _ = try run(
                """
                cd \(directory)
                echo 'cd ${0%/*}; echo $0 $1 >out; exit 6' >plain
                printf '#!/nonexistent/sh\\n' >broken
                chmod 755 plain broken
                """)
            #expect(try run("cd \(directory); exec ./plain word").status == .exited(6))
            #expect(try readFile("\(directory)/out") == bytes("./plain word\n"))
            let plain = SpawnRequest(arguments: ["\(directory)/plain", "other"].map { bytes($0) })
            #expect(try Child(plain).finish() == .exited(6))
            let error = failure(["\(directory)/broken"])
            #expect(error?.error.subject == "\(directory)/broken (its interpreter)")
            #expect(error?.isCommandMissing == false)
        }

        @Test func aMarkedChildIsAChild() throws {
            let child = try Child.sleeper()
            let table = try ProcessTable()
            let stat = try #require(try table.stat(child.pid))
            #expect(stat.parent == CurrentProcess.pid)
            #expect(stat.name == bytes("sleep"))
            #expect(table.executableIdentity(child.pid) == (try FileIdentity.of(path: "/bin/sleep")))
            #expect(try Children.peek(pid: child.pid) == .running)
            try child.kill()
        }

        @Test func probesLeaveNothingBehind() throws {
            #expect(probeSpawn(SpawnRequest(arguments: [], environment: [])) == nil)
            var request = SpawnRequest(arguments: [], environment: [])
            request.cgroup = 0
            #expect(probeSpawn(request)?.stage == .cgroup)
            #expect(try Children.peek() == .none)
        }
    }
}
