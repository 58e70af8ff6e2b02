// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// What a daemon does that finds the ledger of another one.
struct RegistryRecoveryTests {
    private static let closing = tracked("s", .ending(.closed), over: at(5))
    private static let asked = tracked("s", .ending(.requested), over: at(5))
    private static let kept = tracked("s", .kept(until: at(30)), over: at(5))

    @Test(arguments: sessions + endings + leases)
    func row(_ row: RegistryRow) { row.check() }

    static let sessions: [RegistryRow] = [
        RegistryRow(
            "goes on with its leader", .recovered(tracked(), .leader(isAlive: true)), .active,
            [.admit("s"), .watchLeader("s")]),
        RegistryRow(
            "has lost its leader", .recovered(tracked(), .leader(isAlive: false)), .ending(.leaderExited),
            [.store("s"), .startEnder("s", order(.leaderExited))]),
        RegistryRow(
            "is kept", .recovered(kept, .leader(isAlive: false)), .kept(until: at(30)),
            [.watchEmpty("s"), .setTimer(at(30))]),
        RegistryRow(
            "is recovered once", after: [(at(8), .recovered(tracked(), .leader(isAlive: true)))],
            .recovered(tracked(), .leader(isAlive: false)), .active),
    ]

    static let endings: [RegistryRow] = [
        RegistryRow(
            "is ended when nobody had begun", .recovered(closing, .leader(isAlive: true)), .ending(.closed),
            [.startEnder("s", order(.closed, elapsed: .seconds(4)))]),
        RegistryRow(
            "was asked for", .recovered(asked, .leader(isAlive: false)), .ending(.requested),
            [.startEnder("s", order(.requested, elapsed: .seconds(4)))]),
        RegistryRow("is ended by somebody", .recovered(closing, .enderRuns), .ending(.closed), [.watchEnder("s")]),
        RegistryRow(
            "is taken over", .recovered(closing, .enderExited(.killed(hadBegun: true))), .ending(.closed),
            [.startEnder("s", order(.closed, elapsed: .seconds(4)) { $0.isTakenOver = true })]),
        RegistryRow(
            "was ended", .recovered(closing, .enderExited(.recorded(.left, keptUntil: nil))), nil,
            [.note("s"), .forget("s")]),
        RegistryRow(
            "was ended but for some", .recovered(closing, .enderExited(.recorded(.kept, keptUntil: at(30)))),
            .kept(until: at(30)), [.note("s"), .store("s"), .watchEmpty("s"), .setTimer(at(30))]),
        RegistryRow(
            "is ended again", .recovered(again, .leader(isAlive: false)), .ending(.leaseExpired),
            [.startEnder("s", order(.leaseExpired, elapsed: .seconds(4)) { $0.isRepeated = true })]),
    ]

    private static let again: TrackedSession = {
        var session = tracked("s", .ending(.leaseExpired), over: at(5))
        session.hasKept = true
        return session
    }()

    static let leases: [RegistryRow] = [
        RegistryRow(
            "goes on whether its leader lives", of: "l", .recovered(leased(), .leader(isAlive: false)), .active,
            [.watchEmpty("l"), .setTimer(at(60))]),
        RegistryRow(
            "has had its time while nobody was there", of: "l",
            after: [(at(70), .recovered(leased(), .leader(isAlive: true)))], .timer, now: at(70),
            .ending(.leaseExpired), [.store("l"), .startEnder("l", order(.leaseExpired))]),
        RegistryRow(
            "waits for its session, which may come later", of: "l",
            .recovered(leased(isReleased: true), .leader(isAlive: true)), .active,
            [.watchEmpty("l"), .setTimer(at(60))]),
        RegistryRow(
            "goes on with its session", of: "l", after: back(tracked()), .allRecovered, .active),
        RegistryRow(
            "ends when its session was ending already", of: "l", after: back(closing), .allRecovered,
            .ending(.requested), [.store("l"), .startEnder("l", order(.requested)), .setTimer(nil)]),
        RegistryRow(
            "ends when its session is gone", of: "l",
            after: [(at(8), .recovered(leased(isReleased: true), .leader(isAlive: true)))], .allRecovered,
            .ending(.requested), [.store("l"), .startEnder("l", order(.requested)), .setTimer(nil)]),
        RegistryRow(
            "goes on without its session if it was not given back", of: "l",
            after: [(at(8), .recovered(leased(), .leader(isAlive: true)))], .allRecovered, .active),
    ]

    private static func back(_ session: TrackedSession) -> [(Instant, RegistryEvent)] {
        [
            (at(8), .recovered(leased(isReleased: true), .leader(isAlive: true))),
            (at(8), .recovered(session, .leader(isAlive: true))),
        ]
    }

    @Test func theLeaderOfALaterSessionStaysItsLeader() {
        var registry = registry(after: [opened, (at(2), .closed("s", leaderLeaves: .seconds(5)))])
        #expect(registry.session(ledBy: identity(10)) == nil)
        _ = registry.handle(.opened(tracked("t")), at: at(3))
        _ = registry.handle(.enderExited("s", .recorded(.survivors, keptUntil: nil)), at: at(4))
        #expect(registry.session(ledBy: identity(10))?.id == "t")
        _ = registry.handle(.closed("t", leaderLeaves: .zero), at: at(5))
        #expect(registry.session(ledBy: identity(10)) == nil)
    }

    @Test func aLeaseHasNoLeader() {
        let registry = registry(after: taken)
        #expect(registry.session(ledBy: identity(20)) == nil)
        #expect(registry.session(ledBy: identity(10))?.id == "s")
    }

    @Test func whoeverIsKeptIsEndedWithinItsTimeAlsoWhenTheDaemonWasAway() {
        var registry = Registry()
        let late = registry.handle(.recovered(Self.kept, .leader(isAlive: false)), at: at(40))
        #expect(late == [.watchEmpty("s"), .setTimer(at(30))])
        #expect(registry.handle(.timer, at: at(40)).first == .store("s"))
        #expect(registry["s"]?.state == .ending(.leaseExpired))
    }
}
