// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The registry, for one session and one lease that was taken in it.
enum RegistryStates {
    static var section: String {
        Transition.section(
            "Registry",
            """
            What the daemon does with the sessions of log-ins, here `S`, and with leases, here `T`, which was taken in \
            `S`. States are those of the one that the event is about; nothing is known of one that is `unknown`. An \
            order to end names the reason and what else is different.
            """, situations.flatMap { situation in events.map { situation.transition($0) } })
    }

    private struct Situation {
        let circumstance: String
        let before: [RegistryEvent]
        var id = "S"
        var now = Specimen.seconds(9)

        func transition(_ event: (name: String, event: (String) -> RegistryEvent)) -> Transition {
            var registry = Registry()
            for earlier in before { _ = registry.handle(earlier, at: Specimen.seconds(5)) }
            let state = RegistryStates.name(registry[id])
            let actions = registry.handle(event.event(id), at: now)
            return Transition(
                state: state, circumstance: circumstance, event: event.name, next: RegistryStates.name(registry[id]),
                actions: actions.map { Specimen.text($0, at: now) })
        }
    }

    private static func name(_ session: TrackedSession?) -> String {
        guard let session else { return "unknown" }
        let prefix = session.lease == nil ? "" : "lease "
        switch session.state {
        case .active: return prefix + (session.lease?.isReleased == true ? "given back" : "active")
        case .ending: return prefix + "ending"
        case .kept: return prefix + "kept"
        }
    }

    private static func session(
        _ id: String = "S", _ state: TrackedSession.State = .active, over: Instant? = nil, lease: Lease? = nil
    ) -> TrackedSession {
        TrackedSession(
            id: id, owner: 1000, facts: LoginFacts(user: "ann", service: "sshd"), leader: Specimen.leader.identity,
            cgroup: nil, auditSession: nil, opened: 0, state: state, over: over, lease: lease)
    }

    private static let lease = Lease(session: "S", command: ["make"], reason: nil, expires: Specimen.seconds(60))

    private static let events: [(name: String, event: @Sendable (String) -> RegistryEvent)] = [
        ("opened", { .opened($0 == "S" ? session() : session($0, lease: lease)) }),
        ("closed", { .closed($0, leaderLeaves: .seconds(5)) }),
        ("leader exited", { .leaderExited($0) }),
        ("transport gone", { .transportGone($0) }),
        ("requested", { .requested($0, isForced: false) }),
        ("requested by force", { .requested($0, isForced: true) }),
        ("given back", { .released($0) }),
        ("ended, left", { .enderExited($0, .recorded(.left, keptUntil: nil)) }),
        ("ended, survivors", { .enderExited($0, .recorded(.survivors, keptUntil: nil)) }),
        ("ended, kept for 20 s", { .enderExited($0, .recorded(.kept, keptUntil: Specimen.seconds(29))) }),
        ("ender killed before it began", { .enderExited($0, .killed(hadBegun: false)) }),
        ("ender killed", { .enderExited($0, .killed(hadBegun: true)) }),
        ("emptied", { .emptied($0) }),
        ("timer", { _ in .timer }),
        ("found active, L lives", { .recovered(session($0), .leader(isAlive: true)) }),
        ("found active, L is gone", { .recovered(session($0), .leader(isAlive: false)) }),
        ("found ending, nobody has begun", { .recovered(ending($0), .leader(isAlive: false)) }),
        ("found ending, somebody is at it", { .recovered(ending($0), .enderRuns) }),
        ("found ending, somebody was killed", { .recovered(ending($0), .enderExited(.killed(hadBegun: true))) }),
        ("found ended, left", { .recovered(ending($0), .enderExited(.recorded(.left, keptUntil: nil))) }),
        ("all found", { _ in .allRecovered }),
    ]

    private static func ending(_ id: String) -> TrackedSession {
        session(id, .ending(.leaderExited), over: Specimen.seconds(5))
    }

    private static let situations: [Situation] = {
        let opened = [RegistryEvent.opened(session())]
        let over = opened + [.leaderExited("S")]
        let taken = opened + [.opened(session("T", lease: lease))]
        let kept = over + [.enderExited("S", .recorded(.kept, keptUntil: Specimen.seconds(29)))]
        return [
            Situation(circumstance: "", before: []),
            Situation(circumstance: "", before: opened),
            Situation(circumstance: "a lease was given back", before: taken + [.released("T")]),
            Situation(circumstance: "", before: over),
            Situation(circumstance: "", before: kept),
            Situation(circumstance: "its time is over", before: kept, now: Specimen.seconds(29)),
            Situation(circumstance: "", before: taken, id: "T"),
            Situation(circumstance: "its time is over", before: taken, id: "T", now: Specimen.seconds(60)),
            Situation(circumstance: "S is over", before: taken + [.leaderExited("S")], id: "T"),
            Situation(circumstance: "", before: taken + [.released("T")], id: "T"),
            Situation(circumstance: "", before: taken + [.requested("T", isForced: false)], id: "T"),
        ]
    }()
}

extension Specimen {
    static func text(_ action: RegistryAction, at now: Instant) -> String {
        switch action {
        case .store(let id): "store \(id)"
        case .forget(let id): "forget \(id)"
        case .admit(let id): "admit \(id)"
        case .watchLeader(let id): "watch leader of \(id)"
        case .startEnder(let id, let order): "end \(id): \(text(order))"
        case .tellEnder(let id, let news): "tell ender of \(id): \(text(news))"
        case .watchEnder(let id): "watch ender of \(id)"
        case .note(let id): "note \(id)"
        case .watchEmpty(let id): "watch for \(id) to be empty"
        case .setTimer(let moment): moment.map { "set timer \(DurationText.text($0 - now))" } ?? "cancel timer"
        }
    }

    private static func text(_ order: EnderOrder) -> String {
        var words = [order.reason.rawValue]
        if let patience = order.leaderLeaves { words.append("L leaves in \(DurationText.text(patience))") }
        if order.isForced { words.append("by force") }
        if order.isAsked { words.append("no list spares") }
        if order.isTakenOver { words.append("taken over") }
        if order.isRepeated { words.append("not the first") }
        if order.elapsed > .zero { words.append("over for \(DurationText.text(order.elapsed))") }
        return words.joined(separator: ", ")
    }

    private static func text(_ news: EnderNews) -> String {
        switch news {
        case .hurry: "hurry"
        case .leaderLeaves(let patience, since: _): "L leaves in \(DurationText.text(patience))"
        case .reason(let reason): reason.rawValue
        }
    }
}
