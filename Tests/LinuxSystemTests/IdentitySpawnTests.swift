// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Testing

@testable import LinuxSystem

/// Nobody's, so that nothing else on the host runs as this.
private let stranger = Credentials(uid: 64_777, gid: 64_778, groups: [64_779, 64_780])

/// Runs a shell script whose standard output is a pipe.
private func told(_ script: String, _ change: (inout SpawnRequest) throws -> Void) throws -> [Substring] {
    let pipe = try makePipe()
    var request = SpawnRequest(arguments: ["sh", "-c", script].map { bytes($0) }, environment: [])
    request.standardDescriptors.output = pipe.writeEnd.number
    try change(&request)
    let child = try Child(request)
    let text = String(decoding: try takeReadEnd(pipe).readToEnd(), as: UTF8.self)
    #expect(try child.finish() == .exited(0))
    return text.split(separator: "\n")
}

private func refusal(_ arguments: [String], _ change: (inout SpawnRequest) -> Void) -> SpawnError? {
    var request = SpawnRequest(arguments: arguments.map { bytes($0) }, environment: [])
    change(&request)
    do {
        _ = try Child(request).finish()
        return nil
    } catch {
        return error as? SpawnError
    }
}

private func open(_ path: String) -> Descriptor { Descriptor(adopting: clinux_openat(AT_FDCWD, path, O_RDONLY)) }

extension LinuxSystemSuite {
    @Suite struct SpawningApart {
        @Test func descriptorsAreThoseThatWereNamed() throws {
            let null = open("/dev/null")
            let passed = try null.duplicate()
            let leak = try null.duplicate()
            _ = clinux_fcntl(leak.number, F_SETFD, 0)
            let script = "for n in /proc/self/fd/*; do echo ${n##*/} $(readlink $n); done"
            let found = try told("exec \(script)".replacing("exec ", with: "")) { request in
                request.standardDescriptors.input = null.number
                request.standardDescriptors.error = null.number
                request.passedDescriptors = [passed.number]
            }
            let numbers = Set(found.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
            #expect(numbers.isSuperset(of: [0, 1, 2, Int(passed.number)]))
            #expect(!numbers.contains(Int(leak.number)))
            #expect(found.contains("0 /dev/null"))
            #expect(found.contains("2 /dev/null"))
            #expect(found.contains { $0.hasPrefix("1 pipe:") })
        }

        @Test func aProgramIsExecutedByItsDescriptor() throws {
            let directory = try run("mktemp -d").text.split(separator: "\n").joined()
            defer { _ = try? run("rm -r \(directory)") }  // try?: nothing to do about it
            _ = try run("cd \(directory); printf '#!/bin/sh\\necho by $1 $0\\n' >x; cp /bin/echo y; chmod 755 x y")
            for (name, expected) in [("x", "by word /dev/fd/"), ("y", "word")] {
                let program = open("\(directory)/\(name)")
                _ = try run("cd \(directory); rm \(name); echo '#!/nonexistent' >\(name); chmod 755 \(name)")
                let said = try told("") { request in
                    request.arguments = [bytes("name"), bytes("word")]
                    request.programDescriptor = program.number
                    request.passedDescriptors = []
                }
                #expect(said.first?.hasPrefix(expected) == true)
            }
            let broken = open("\(directory)/x")
            let error = refusal(["shown"]) { $0.programDescriptor = broken.number }
            #expect(error?.error.subject == "shown (its interpreter)")
            #expect(error?.isCommandMissing == false)
        }

        @Test func aSessionOfItsOwn() throws {
            let script =
                "read -r pid _ _ _ group session terminal _ </proc/self/stat; echo $pid $group $session $terminal"
            let words = try told(script) { $0.newSession = true }.first?.split(separator: " ") ?? []
            #expect(words.count == 4)
            #expect(Set(words.prefix(3)).count == 1)
            #expect(words.last == "0")
        }

        @Test func conditions() throws {
            let script = "pwd; umask; ulimit -Sc; ulimit -n; ulimit -Hn; grep NoNewPrivs /proc/self/status"
            let found = try told(script) { request in
                request.directory = bytes("/usr/bin")
                request.umask = 0o027
                request.limits = [.core: ResourceLimit(soft: 0, hard: 0), .nofile: ResourceLimit(soft: 50, hard: 60)]
                request.noNewPrivileges = true
            }
            #expect(found == ["/usr/bin", "0027", "0", "50", "60", "NoNewPrivs:\t1"])
        }

        @Test func whatCannotBeSetIsNamed() {
            let missing = refusal(["true"]) { $0.directory = bytes("/nonexistent") }
            #expect(missing?.stage == .directory)
            #expect(missing?.description == "enter /nonexistent: no such file or directory [ENOENT]")
            let limit = refusal(["true"]) { $0.limits[.nofile] = ResourceLimit(soft: 9, hard: 8) }
            #expect(limit?.stage == .limit)
            #expect(limit?.error.subject == "limit nofile of child")
            let descriptor = refusal(["true"]) { $0.passedDescriptors = [987] }
            #expect(descriptor?.stage == .descriptors)
        }
    }

    @Suite(.enabled(if: CurrentProcess.effectiveUID == 0, "privilege: needs to become somebody else"))
    struct SpawningSomebodyElse {
        @Test func allIdsAndNoPrivilege() throws {
            let wanted: Set = [
                "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs", "Seccomp",
            ]
            let lines = try told("cat /proc/self/status") { $0.credentials = stranger }
            let found = lines.filter { wanted.contains(String($0.prefix { $0 != ":" })) }
            let none = "0000000000000000"
            #expect(
                found.map { $0.split { "\t ".contains($0) }.joined(separator: " ") } == [
                    "Uid: 64777 64777 64777 64777", "Gid: 64778 64778 64778 64778", "Groups: 64779 64780",
                    "CapInh: \(none)", "CapPrm: \(none)", "CapEff: \(none)", "CapAmb: \(none)", "NoNewPrivs: 0",
                    "Seccomp: 0",
                ])
        }

        @Test func aRootOfFewGroups() throws {
            let found = try told("id -u; id -g; id -G") { $0.credentials = Credentials(uid: 0, gid: 0) }
            #expect(found == ["0", "0", "0"])
        }

        @Test func asManyGroupsAsTheKernelTakes() throws {
            let groups = (0..<65_536).map { UInt32($0) + 100_000 }
            let found = try told(
                "grep -o '1[0-9]*' /proc/self/status | sort -u | grep -c '^1[0-9][0-9][0-9][0-9][0-9]$'"
            ) {
                $0.credentials = Credentials(uid: stranger.uid, gid: stranger.gid, groups: groups)
            }
            #expect(found == ["65536"])
            let tooMany = refusal(["true"]) {
                $0.credentials = Credentials(uid: 1, gid: 1, groups: groups + [1])
            }
            #expect(tooMany?.description == "set 65537 supplementary groups of child: invalid argument [EINVAL]")
            #expect(tooMany?.stage == .credentials)
        }

        @Test func theDeathSignalOutlivesTheChange() throws {
            let pipe = try makePipe()
            let began = MonotonicInstant.now()
            #expect(
                try inChild {
                    var request = SpawnRequest(arguments: [bytes("sleep"), bytes("60")], environment: [])
                    request.standardDescriptors.output = pipe.writeEnd.number
                    request.credentials = stranger
                    request.parentDeathSignal = .kill
                    _ = try spawn(request)
                    return true
                })
            // At its end as soon as the sleeper is gone too.
            #expect(try takeReadEnd(pipe).readToEnd().isEmpty)
            #expect(MonotonicInstant.now() - began < .seconds(30))
        }

        @Test func whatItSeesIsWhatCounts() throws {
            let directory = try run("d=$(mktemp -d); chmod 711 $d; echo $d").text.split(separator: "\n").joined()
            defer { _ = try? run("rm -r \(directory)") }  // try?: nothing to do about it
            _ = try run(
                """
                cd \(directory); mkdir -m 700 own closed; cp /bin/true own/tool; cp /bin/true closed/tool
                chown -R 64777:64778 own
                """)
            func attempt(_ name: String, _ path: String) -> SpawnError? {
                refusal([name]) { request in
                    request.environment = [bytes("PATH=\(path)")]
                    request.credentials = stranger
                }
            }
            #expect(attempt("tool", "\(directory)/closed:\(directory)/own") == nil)
            #expect(attempt("\(directory)/own/tool", "") == nil)
            let missing = attempt("tool", "\(directory)/closed:/nonexistent")
            #expect(missing?.description == "execute tool: no such file or directory [ENOENT]")
            #expect(missing?.isCommandMissing == true)
            for name in ["tool", "nothing"] {
                let path = "\(directory)/closed/\(name)"
                #expect(attempt(path, "")?.description == "execute \(path): permission denied [EACCES]")
            }
            let closed = refusal(["true"]) { request in
                request.directory = bytes("\(directory)/closed")
                request.credentials = stranger
            }
            #expect(closed?.description == "enter \(directory)/closed as uid 64777: permission denied [EACCES]")
            #expect(try Children.peek() == .none)
        }
    }
}
