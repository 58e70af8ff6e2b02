// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Short names for what the tables are made of.
func at(_ seconds: Int64, _ milliseconds: Int64 = 0) -> Instant {
    Instant(nanoseconds: seconds * 1_000_000_000 + milliseconds * 1_000_000)
}

func identity(_ pid: Int32, start: UInt64 = 1) -> ProcessIdentity { ProcessIdentity(pid: pid, startTime: start) }

/// A member as an observation shows it; the leader is 10, and its group 10 too.
func member(
    _ pid: Int32, parent: Int32 = 2, group: Int32 = 0, owner: UInt32? = 1000, program: UInt64? = nil,
    evidence: Evidence = .descent, state: Character = "S", start: UInt64 = 1
) -> ObservedProcess {
    ObservedProcess(
        identity: identity(pid, start: start), parent: parent, group: group, owner: owner,
        executableIdentity: program.map { ExecutableIdentity(device: 1, inode: $0) },
        state: state.asciiValue ?? 0, evidence: evidence)
}

func saw(_ members: ObservedProcess..., certain: Bool = false) -> EndingEvent {
    .observed(Observation(members: members, isCertain: certain))
}

func told(
    _ signals: [SignalName], _ pids: Int32..., result: EndingEvent.Receipt.Result = .delivered
) -> EndingEvent {
    .signalled(signals, pids.map { EndingEvent.Receipt(identity: identity($0), result: result) })
}

let keepRule = Rule(name: "keep", executable: ExecutableIdentity(device: 1, inode: 7), action: .keep)

/// An ending that can be driven inside an expectation.
@dynamicMemberLookup
final class Machine {
    private var ending: Ending

    init(_ plan: EndingPlan) { ending = Ending(plan: plan) }

    @discardableResult
    func handle(_ event: EndingEvent, at now: Instant) -> [EndingAction] { ending.handle(event, at: now) }

    subscript<Value>(dynamicMember path: KeyPath<Ending, Value>) -> Value { ending[keyPath: path] }
}

/// An ending after these events, each at its time.
func ending(_ plan: EndingPlan, after events: [(Instant, EndingEvent)]) -> Machine {
    let machine = Machine(plan)
    for (now, event) in events { machine.handle(event, at: now) }
    return machine
}

extension EndingPlan {
    /// TERM, five seconds, KILL, two more seconds; in a cgroup if asked for.
    static func plain(cgroup: Bool = false) -> EndingPlan {
        EndingPlan(
            ladder: Ladder(rungs: [Ladder.Rung(signals: [.term], grace: .seconds(5))]), unkillable: .seconds(2),
            hasCgroup: cgroup)
    }

    func with(_ change: (inout EndingPlan) -> Void) -> EndingPlan {
        var plan = self
        change(&plan)
        return plan
    }
}
