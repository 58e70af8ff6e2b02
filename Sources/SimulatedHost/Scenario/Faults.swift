// SPDX-License-Identifier: Apache-2.0

/// What goes wrong, and how slow the host is.
struct Faults: Equatable, Sendable {
    /// In how many of a hundred looks a tenth of each listing is missing.
    var shortLooks = 0
    /// How many of a hundred looks fail for want of memory or descriptors, and are taken again a little later.
    var failedLooks = 0
    /// `cgroup.kill` cannot be written.
    var cgroupKillFails = false
    /// How many of a hundred processes a security module protects from Exeunt's signals.
    var deniedProcesses = 0
    /// How late the kernel's word comes that a control group or the list of children is empty.
    var emptiedDelay: Int64 = 0
    /// How often it comes although something is left, in a hundred exits.
    var falseAlarms = 0
    /// How late exits of children are told.
    var exitDelay: Int64 = 0
    /// Whether exits of members that are no children are told at all.
    var tellsForeignExits = false
    /// How late a timer fires.
    var timerDelay: Int64 = 0
    /// How many of a hundred timers fire before their time.
    var earlyTimers = 0
    /// What a look costs, and one signal.
    var lookCost: Int64 = 50_000
    var signalCost: Int64 = 1_000
    /// After how many actions the supervisor is killed.
    var crashAfter: Int?
    /// Whether the leader's exit is told to the session before it is told to the ending.
    var sessionHearsFirst = true

    /// A field by its name, for the shrinker and for whoever reads a failure.
    struct Field: Sendable {
        let name: String
        let shown: @Sendable (Faults) -> String
        let reset: @Sendable (inout Faults) -> Void
    }

    private static func field<Value>(
        _ name: String, _ path: any WritableKeyPath<Faults, Value> & Sendable
    ) -> Field {
        Field(name: name, shown: { "\($0[keyPath: path])" }, reset: { $0[keyPath: path] = Faults()[keyPath: path] })
    }

    static let fields: [Field] = [
        field("short looks, percent", \.shortLooks), field("failed looks, percent", \.failedLooks),
        field("cgroup.kill fails", \.cgroupKillFails),
        field("denied processes, percent", \.deniedProcesses), field("emptied delay, ns", \.emptiedDelay),
        field("false alarms, percent", \.falseAlarms), field("exit delay, ns", \.exitDelay),
        field("foreign exits told", \.tellsForeignExits), field("timer delay, ns", \.timerDelay),
        field("early timers, percent", \.earlyTimers), field("look cost, ns", \.lookCost),
        field("signal cost, ns", \.signalCost), field("supervisor killed after actions", \.crashAfter),
        field("session hears first", \.sessionHearsFirst),
    ]

    /// Those that are not as they usually are.
    var present: [Field] {
        Self.fields.filter { field in
            var usual = self
            field.reset(&usual)
            return usual != self
        }
    }
}
