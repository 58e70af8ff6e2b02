// SPDX-License-Identifier: Apache-2.0

/// What an ending knows about one process: who it is, what it was told, and how that went.
public struct Member: Sendable {
    /// The process as it was seen first, with the evidence of all observations.
    public internal(set) var process: ObservedProcess
    /// How it went.
    public internal(set) var outcome: MemberOutcome = .pending
    /// The rule that has decided about it, if one has.
    public internal(set) var rule: String?
    /// The last signal it was told, if any.
    public internal(set) var lastSignal: SignalName?
    /// When it was found gone.
    public internal(set) var goneAt: Instant?
    /// The last refusal when it was signalled, such as `operation not permitted [EPERM]`.
    public internal(set) var refusal: String?

    /// Whether it has been found gone.
    public var isGone: Bool { goneAt != nil }

    /// Whether it goes without being asked: it was about to when it was first seen, or is a leader that has said so.
    var leavesByItself: Bool
    /// Whether it has gone, or is going, just so.
    var hasJustLeft: Bool { leavesByItself && (outcome == .exited || outcome == .pending) }

    /// Whether it is there, and nothing is to be done about it.
    var livesOn: Bool { !isGone && (outcome == .kept || outcome == .reported || hasSurvived) }

    /// Whether it could not be ended.
    var hasSurvived: Bool {
        if case .survived = outcome { true } else { false }
    }

    init(_ process: ObservedProcess) {
        self.process = process
        leavesByItself = process.isLeaving
    }

    /// Takes the departure back: it has been seen alive.
    mutating func revive() {
        goneAt = nil
        outcome = .pending
    }

    /// Notes that it is gone; what it was told last is what ended it.
    mutating func depart(at now: Instant) {
        guard goneAt == nil else { return }
        goneAt = now
        switch lastSignal {
        case nil: outcome = .exited
        case .kill?: outcome = .killed
        case let signal?: outcome = .ended(by: signal)
        }
    }
}
