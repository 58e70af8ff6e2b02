// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Leases, which stand beside sessions and end as they do.
struct RegistryLeaseTests {
    @Test(arguments: leases + released)
    func row(_ row: RegistryRow) { row.check() }

    static let leases: [RegistryRow] = [
        RegistryRow(
            "is granted", of: "l", after: [opened], .opened(leased()), .active,
            [.store("l"), .admit("l"), .watchEmpty("l"), .setTimer(at(60))]),
        RegistryRow(
            "needs a timer before the others'", of: "k", after: taken, .opened(leased("k", expires: at(40))), .active,
            [.store("k"), .admit("k"), .watchEmpty("k"), .setTimer(at(40))]),
        RegistryRow(
            "needs no timer after the others'", of: "k", after: taken, .opened(leased("k", expires: at(80))), .active,
            [.store("k"), .admit("k"), .watchEmpty("k")]),
        RegistryRow("keeps its id", of: "l", after: taken, .opened(tracked("l", leader: 30)), .active),
        RegistryRow(
            "outlives its session", of: "l", after: taken, .leaderExited("s"), .active,
            [.store("s"), .startEnder("s", order(.leaderExited))]),
        RegistryRow(
            "is over when it is empty", of: "l", after: taken, .emptied("l"), nil, [.forget("l"), .setTimer(nil)]),
        RegistryRow(
            "is looked at again after an early timer", of: "l", after: taken, .timer, .active, [.setTimer(at(60))]),
        RegistryRow(
            "has had its time", of: "l", after: taken, .timer, now: at(60), .ending(.leaseExpired),
            [.store("l"), .startEnder("l", order(.leaseExpired))]),
        RegistryRow(
            "is ended", of: "l", after: taken, .requested("l", isForced: false), .ending(.requested),
            [.store("l"), .startEnder("l", order(.requested)), .setTimer(nil)]),
        RegistryRow(
            "has nobody who ends it", of: "l", after: taken, .enderExited("l", .killed(hadBegun: true)), .active),
        RegistryRow(
            "is over when it was ended", of: "l", after: taken + [(at(60), .timer)],
            .enderExited("l", .recorded(.left, keptUntil: nil)), now: at(61), nil, [.note("l"), .forget("l")]),
        RegistryRow(
            "is emptied by whoever ends it", of: "l", after: taken + [(at(60), .timer)], .emptied("l"), now: at(61),
            .ending(.leaseExpired)),
        RegistryRow(
            "stays listed with survivors", of: "l", after: taken + [(at(60), .timer)],
            .enderExited("l", .recorded(.survivors, keptUntil: nil)), now: at(61), .kept(until: nil),
            [.note("l"), .store("l"), .watchEmpty("l")]),
    ]

    static let released: [RegistryRow] = [
        RegistryRow(
            "waits for its session when given back", of: "l", after: taken, .released("l"), .active, [.store("l")]),
        RegistryRow(
            "ends with its session", of: "l", after: givenBack, .leaderExited("s"), .ending(.requested),
            [
                .store("s"), .startEnder("s", order(.leaderExited)), .store("l"), .startEnder("l", order(.requested)),
                .setTimer(nil),
            ]),
        RegistryRow(
            "ends at once when its session is ending", of: "l", after: taken + [(at(5), .leaderExited("s"))],
            .released("l"), .ending(.requested), [.store("l"), .startEnder("l", order(.requested)), .setTimer(nil)]),
        RegistryRow(
            "ends at once when its session is gone", of: "l",
            after: taken + [
                (at(5), .leaderExited("s")), (at(6), .enderExited("s", .recorded(.clean, keptUntil: nil))),
            ],
            .released("l"), .ending(.requested), [.store("l"), .startEnder("l", order(.requested)), .setTimer(nil)]),
        RegistryRow(
            "is given back while it ends", of: "l", after: taken + [(at(60), .timer)], .released("l"), now: at(61),
            .ending(.leaseExpired), [.store("l")]),
        RegistryRow(
            "has its time all the same", of: "l", after: givenBack, .timer, now: at(60), .ending(.leaseExpired),
            [.store("l"), .startEnder("l", order(.leaseExpired))]),
    ]

    @Test func onlyThoseGivenBackEndWithTheSession() {
        var registry = registry(
            after: givenBack + [(at(4), .opened(leased("k"))), (at(4), .opened(leased("m", in: "t")))])
        _ = registry.handle(.released("m"), at: at(4))
        _ = registry.handle(.closed("s", leaderLeaves: .zero), at: at(5))
        #expect(registry["k"]?.state == .active)
        #expect(registry["l"]?.state == .ending(.requested))
        #expect(registry["m"]?.state == .ending(.requested))
    }

    @Test func thoseOfTheSameTimeEndTogether() {
        var registry = registry(
            after: taken + [(at(2), .opened(leased("k"))), (at(2), .opened(leased("m", expires: at(61))))])
        #expect(
            registry.handle(.timer, at: at(60)) == [
                .store("k"), .startEnder("k", order(.leaseExpired)), .store("l"),
                .startEnder("l", order(.leaseExpired)), .setTimer(at(61)),
            ])
    }
}
