// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem
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

    @Test func isReadAsItWasWritten() throws {
        let path = "/tmp/exeunt-ledger-\(CurrentProcess.pid)"
        let unreadable = try UnreadableFiles(path + "-unreadable")
        let ledger = try Ledger(path, unreadable)
        for session in [Self.full, Self.bare] {
            ledger.remember(session.leader == nil ? nil : [0, 7, 255], of: session.id)
            try ledger.store(session)
            let found = try #require(try Ledger(path, unreadable).all { Issue.record($0) }.first)
            #expect(found.session == session)
            #expect(found.fileHandle == (session.leader == nil ? nil : [0, 7, 255]))
            try ledger.forget(session.id)
        }
    }
}
