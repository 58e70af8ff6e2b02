// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import FoundationEssentials
import Testing

@testable import ExeuntDaemon

/// What is written by hand is what is read: no field is forgotten.
@Suite struct LedgerEntryTests {
    private static var full: TrackedSession {
        var session = TrackedSession(
            id: "0123456789ab", owner: 1000,
            facts: LoginFacts(
                user: "a\"b\\c\u{1}é", sessionClass: .greeter, type: .wayland, service: "sshd", tty: "ssh",
                display: ":0",
                remoteHost: "h", remoteUser: "r"),
            leader: ProcessIdentity(pid: 7, startTime: .max), cgroup: LoginCgroup(path: "/a", shown: "/b", isOwn: true),
            auditSession: 3, opened: -1, state: .kept(until: Instant(nanoseconds: 5)), over: Instant(nanoseconds: 4),
            lease: Lease(session: "x", command: ["a", "b c"], reason: "why", expires: Instant(nanoseconds: 9)))
        session.kept = [ProcessIdentity(pid: 8, startTime: 9): "rule"]
        session.hasKept = true
        return session
    }

    private static var bare: TrackedSession {
        TrackedSession(
            id: "0123456789ab", owner: 0, facts: LoginFacts(user: "", sessionClass: .user, type: .tty, service: ""),
            leader: nil, cgroup: nil, auditSession: nil, opened: 0, state: .ending(.closed))
    }

    @Test(arguments: [(full, [UInt8]?.some([0, 255])), (bare, nil)]) func isRead(
        session: TrackedSession, fileHandle: [UInt8]?
    ) throws {
        let entry = LedgerEntry(session, bootID: "boot", fileHandle: session.leader == nil ? nil : fileHandle)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let read = try JSONDecoder().decode(LedgerEntry.self, from: Data(entry.encoded()))
        #expect(try encoder.encode(read) == encoder.encode(entry))
        #expect(read.session(bootID: "boot") == session)
    }
}
