// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// A row of the registry's table: what has happened, what happens now, and what must come of it.
struct RegistryRow: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let before: [(Instant, RegistryEvent)]
    let event: RegistryEvent
    let now: Instant
    /// Of the session or lease that the row is about; nil: it is not known any more.
    let state: TrackedSession.State?
    let actions: [RegistryAction]
    let id: String

    init(
        _ name: String, of id: String = "s", after before: [(Instant, RegistryEvent)] = [], _ event: RegistryEvent,
        now: Instant = at(9), _ state: TrackedSession.State?, _ actions: [RegistryAction] = []
    ) {
        (testDescription, self.before, self.event, self.now) = (name, before, event, now)
        (self.state, self.actions, self.id) = (state, actions, id)
    }

    func check() {
        var registry = registry(after: before)
        let actions = registry.handle(event, at: now)
        #expect(actions == self.actions)
        #expect(registry[id]?.state == state)
    }
}

/// A registry after these events, each at its time.
func registry(after events: [(Instant, RegistryEvent)]) -> Registry {
    var registry = Registry()
    for (now, event) in events { _ = registry.handle(event, at: now) }
    return registry
}

/// A session that was opened by process 10.
func tracked(
    _ id: String = "s", leader: Int32? = 10, _ state: TrackedSession.State = .active, over: Instant? = nil,
    lease: Lease? = nil
) -> TrackedSession {
    TrackedSession(
        id: id, owner: 1000, facts: LoginFacts(user: "ann", service: "sshd"), leader: leader.map { identity($0) },
        cgroup: LoginCgroup(path: "/cg/\(id)", shown: "/\(id)", isOwn: true), auditSession: 7, opened: 0, state: state,
        over: over, lease: lease)
}

/// A lease that was taken in `session` and expires at 60.
func leased(
    _ id: String = "l", in session: String? = "s", expires: Instant = at(60), isReleased: Bool = false,
    _ state: TrackedSession.State = .active, over: Instant? = nil
) -> TrackedSession {
    var lease = Lease(session: session, command: ["make"], reason: nil, expires: expires)
    lease.isReleased = isReleased
    return tracked(id, leader: 20, state, over: over, lease: lease)
}

/// What whoever ends the session is told, when it has been over since `at(5)`.
func order(_ reason: EndingReason, elapsed: Duration = .zero, _ change: (inout EnderOrder) -> Void = { _ in })
    -> EnderOrder
{
    var order = EnderOrder(reason)
    order.elapsed = elapsed
    change(&order)
    return order
}

let opened = (at(1), RegistryEvent.opened(tracked()))
let over = [opened, (at(5), RegistryEvent.leaderExited("s"))]
let keptForever = over + [(at(6), RegistryEvent.enderExited("s", .recorded(.survivors, keptUntil: nil)))]
let keptForAWhile = over + [(at(6), RegistryEvent.enderExited("s", .recorded(.kept, keptUntil: at(30))))]
let taken = [opened, (at(2), RegistryEvent.opened(leased()))]
let givenBack = taken + [(at(3), RegistryEvent.released("l"))]
