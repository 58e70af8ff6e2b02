// SPDX-License-Identifier: Apache-2.0

/// What goes wrong between the daemon and the others.
struct LoginFaults: Equatable, Sendable {
    /// How many of a hundred answers to the module come too late.
    var lateAnswers = 0
    /// How many of a hundred messages to those that end sessions are lost, and how many come twice.
    var lostMessages = 0
    var repeatedMessages = 0
    /// How many of a hundred processes cannot be forked.
    var failedForks = 0
    /// How many of a hundred looks miss somebody.
    var shortLooks = 0
    /// How late news come.
    var delay: Int64 = 0
    /// How long a process that ends a session takes to begin.
    var slowStart: Int64 = 0
    /// How many of a hundred timers fire early.
    var earlyTimers = 0

    private static let percentages: [(String, any WritableKeyPath<LoginFaults, Int> & Sendable)] = [
        ("late answers, percent", \.lateAnswers), ("lost messages, percent", \.lostMessages),
        ("repeated messages, percent", \.repeatedMessages), ("failed forks, percent", \.failedForks),
        ("short looks, percent", \.shortLooks), ("early timers, percent", \.earlyTimers),
    ]
    private static let times: [(String, any WritableKeyPath<LoginFaults, Int64> & Sendable)] = [
        ("delay, ns", \.delay), ("slow start, ns", \.slowStart),
    ]

    /// What is there of it, and everything but one part of it.
    var present: [(text: String, without: LoginFaults)] {
        let some = Self.percentages.filter { self[keyPath: $0.1] != 0 }.map { name, path in
            ("\(name): \(self[keyPath: path])", changed { $0[keyPath: path] = 0 })
        }
        return some
            + Self.times.filter { self[keyPath: $0.1] != 0 }.map { name, path in
                ("\(name): \(self[keyPath: path])", changed { $0[keyPath: path] = 0 })
            }
    }

    private func changed(_ change: (inout LoginFaults) -> Void) -> LoginFaults {
        var faults = self
        change(&faults)
        return faults
    }
}
