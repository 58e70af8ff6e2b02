// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// Every state of a session, and every event.
struct RegistryTableTests {
    @Test(arguments: unknown + active + ending + kept + timely)
    func row(_ row: RegistryRow) { row.check() }

    static let unknown: [RegistryRow] = [
        RegistryRow("is opened", .opened(tracked()), .active, [.store("s"), .admit("s"), .watchLeader("s")]),
        RegistryRow("cannot be closed", .closed("s", leaderLeaves: .seconds(9)), nil),
        RegistryRow("has no leader", .leaderExited("s"), nil),
        RegistryRow("has no connection", .transportGone("s"), nil),
        RegistryRow("cannot be ended", .requested("s", isForced: false), nil),
        RegistryRow("cannot be ended by force", .requested("s", isForced: true), nil),
        RegistryRow("is no lease", .released("s"), nil),
        RegistryRow("has nobody who ends it", .enderExited("s", .recorded(.clean, keptUntil: nil)), nil),
        RegistryRow("has nobody who was killed", .enderExited("s", .killed(hadBegun: true)), nil),
        RegistryRow("is not emptied", .emptied("s"), nil),
        RegistryRow("has no time", .timer, nil),
        RegistryRow("is not recovered with others", .allRecovered, nil),
    ]

    static let active: [RegistryRow] = [
        RegistryRow("keeps its id", after: [opened], .opened(tracked(leader: 11)), .active),
        RegistryRow(
            "is closed", after: [opened], .closed("s", leaderLeaves: .seconds(9)), .ending(.closed),
            [.store("s"), .startEnder("s", order(.closed) { ($0.leaderLeaves, $0.leaderLeft) = (.seconds(9), at(9)) })]),
        RegistryRow(
            "ends with its leader", after: [opened], .leaderExited("s"), .ending(.leaderExited),
            [.store("s"), .startEnder("s", order(.leaderExited))]),
        RegistryRow(
            "ends with its connection", after: [opened], .transportGone("s"), .ending(.transportGone),
            [.store("s"), .startEnder("s", order(.transportGone))]),
        RegistryRow(
            "is ended", after: [opened], .requested("s", isForced: false), .ending(.requested),
            [.store("s"), .startEnder("s", order(.requested) { $0.isAsked = true })]),
        RegistryRow(
            "is ended by force", after: [opened], .requested("s", isForced: true), .ending(.requested),
            [
                .store("s"),
                .startEnder(
                    "s",
                    order(.requested) {
                        $0.isAsked = true
                        $0.isForced = true
                    }),
            ]),
        RegistryRow("is no lease", after: [opened], .released("s"), .active),
        RegistryRow(
            "has nobody who ends it", after: [opened], .enderExited("s", .recorded(.clean, keptUntil: nil)), .active),
        RegistryRow("may be empty", after: [opened], .emptied("s"), .active),
        RegistryRow("has all the time", after: [opened], .timer, .active),
        RegistryRow("is recovered once", after: [opened], .recovered(tracked(), .leader(isAlive: false)), .active),
        RegistryRow("goes on after recovery", after: [opened], .allRecovered, .active),
    ]

    static let ending: [RegistryRow] =
        [
            RegistryRow("keeps its id", after: over, .opened(tracked(leader: 11)), .ending(.leaderExited)),
            RegistryRow(
                "tells of the closing", after: over, .closed("s", leaderLeaves: .seconds(9)), .ending(.leaderExited),
                [.tellEnder("s", .leaderLeaves(.seconds(9), since: at(9))), .tellEnder("s", .reason(.closed))]),
            RegistryRow(
                "tells of the leader's exit", after: over, .leaderExited("s"), .ending(.leaderExited),
                [.tellEnder("s", .reason(.leaderExited))]),
            RegistryRow(
                "tells of the connection", after: over, .transportGone("s"), .ending(.leaderExited),
                [.tellEnder("s", .reason(.transportGone))]),
            RegistryRow(
                "tells of a request", after: over, .requested("s", isForced: false), .ending(.leaderExited),
                [.tellEnder("s", .reason(.requested))]),
            RegistryRow(
                "tells of a hurry", after: over, .requested("s", isForced: true), .ending(.leaderExited),
                [.tellEnder("s", .hurry)]),
            RegistryRow("is no lease", after: over, .released("s"), .ending(.leaderExited)),
            RegistryRow("is emptied by whoever ends it", after: over, .emptied("s"), .ending(.leaderExited)),
            RegistryRow("has all the time", after: over, .timer, .ending(.leaderExited)),
            RegistryRow(
                "is begun anew when nobody had begun", after: over, .enderExited("s", .killed(hadBegun: false)),
                .ending(.leaderExited), [.startEnder("s", order(.leaderExited, elapsed: .seconds(4)))]),
            RegistryRow(
                "is taken over when somebody had", after: over, .enderExited("s", .killed(hadBegun: true)),
                .ending(.leaderExited),
                [.startEnder("s", order(.leaderExited, elapsed: .seconds(4)) { $0.isTakenOver = true })]),
            RegistryRow(
                "stays taken over", after: over + [(at(6), .enderExited("s", .killed(hadBegun: true)))],
                .enderExited("s", .killed(hadBegun: false)), .ending(.leaderExited),
                [.startEnder("s", order(.leaderExited, elapsed: .seconds(4)) { $0.isTakenOver = true })]),
            RegistryRow(
                "is taken over with what was said meanwhile",
                after: over + [
                    (at(6), .closed("s", leaderLeaves: .seconds(9))), (at(6), .requested("s", isForced: true)),
                ],
                .enderExited("s", .killed(hadBegun: false)), .ending(.leaderExited),
                [
                    .startEnder(
                        "s",
                        order(.leaderExited, elapsed: .seconds(4)) {
                            $0.leaderLeaves = .seconds(9)
                            $0.leaderLeft = at(6)
                            $0.isForced = true
                        })
                ]),
            RegistryRow("is recovered once", after: over, .recovered(tracked(), .enderRuns), .ending(.leaderExited)),
        ]
        + [Verdict.clean, .left, .killed].map { verdict in
            RegistryRow(
                "is over when it is \(verdict)", after: over, .enderExited("s", .recorded(verdict, keptUntil: nil)),
                nil,
                [.note("s"), .forget("s")])
        }
        + [Verdict.reported, .survivors, .kept].map { verdict in
            RegistryRow(
                "stays listed when it is \(verdict)", after: over,
                .enderExited("s", .recorded(verdict, keptUntil: nil)),
                .kept(until: nil), [.note("s"), .store("s"), .watchEmpty("s")])
        }

    static let kept: [RegistryRow] = [
        RegistryRow("keeps its id", after: keptForever, .opened(tracked(leader: 11)), .kept(until: nil)),
        RegistryRow(
            "has outlived its closing", after: keptForever, .closed("s", leaderLeaves: .seconds(9)), .kept(until: nil)),
        RegistryRow("has outlived its leader", after: keptForever, .leaderExited("s"), .kept(until: nil)),
        RegistryRow("has outlived its connection", after: keptForever, .transportGone("s"), .kept(until: nil)),
        RegistryRow(
            "is ended again", after: keptForever, .requested("s", isForced: false), .ending(.requested),
            [
                .store("s"),
                .startEnder("s", order(.requested, elapsed: .seconds(4)) { $0.isRepeated = true }),
            ]),
        RegistryRow("is no lease", after: keptForever, .released("s"), .kept(until: nil)),
        RegistryRow(
            "has nobody who ends it", after: keptForever, .enderExited("s", .killed(hadBegun: true)), .kept(until: nil)),
        RegistryRow("is over when it is empty", after: keptForever, .emptied("s"), nil, [.forget("s")]),
        RegistryRow("has all the time", after: keptForever, .timer, .kept(until: nil)),
    ]

    static let timely: [RegistryRow] = [
        RegistryRow(
            "is kept for a while", after: over, .enderExited("s", .recorded(.kept, keptUntil: at(30))),
            .kept(until: at(30)), [.note("s"), .store("s"), .watchEmpty("s"), .setTimer(at(30))]),
        RegistryRow(
            "is looked at again after an early timer", after: keptForAWhile, .timer, now: at(29), .kept(until: at(30)),
            [.setTimer(at(30))]),
        RegistryRow(
            "has had its time", after: keptForAWhile, .timer, now: at(30), .ending(.leaseExpired),
            [
                .store("s"),
                .startEnder("s", order(.leaseExpired, elapsed: .seconds(25)) { $0.isRepeated = true }),
            ]),
        RegistryRow(
            "needs no timer when it is empty", after: keptForAWhile, .emptied("s"), nil, [.forget("s"), .setTimer(nil)]),
        RegistryRow(
            "needs no timer when it is ended before", after: keptForAWhile, .requested("s", isForced: false),
            .ending(.requested),
            [
                .store("s"),
                .startEnder("s", order(.requested, elapsed: .seconds(4)) { $0.isRepeated = true }), .setTimer(nil),
            ]),
    ]
}
