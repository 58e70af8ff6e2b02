// SPDX-License-Identifier: Apache-2.0

/// How an ending went, in one word.
public enum Verdict: String, CaseIterable, Hashable, Sendable {
    /// Nothing was left.
    case clean
    /// Something was left, and all of it went when asked.
    case left
    /// KILL was needed.
    case killed
    /// A rule let something live.
    case kept
    /// Report mode: something is alive and was not told anything.
    case reported
    /// Something could not be ended.
    case survivors
}

extension Verdict {
    /// The verdict on everybody in `roster`; a leader that went when asked was not left over, and neither is whoever leaves
    /// by itself.
    init(of roster: Roster, leader: ProcessIdentity?) {
        var worst = Verdict.clean
        for member in roster.leftOvers {
            let verdict = Verdict(of: member, isLeader: member.process.identity == leader)
            if verdict.weight > worst.weight { worst = verdict }
        }
        self = worst
    }

    private init(of member: Member, isLeader: Bool) {
        self =
            switch member.outcome {
            case .exited, .ended: isLeader ? .clean : .left
            case .killed: .killed
            case .kept: .kept
            case .reported: .reported
            case .pending, .survived: .survivors
            }
    }

    private var weight: Int {
        switch self {
        case .clean: 0
        case .left: 1
        case .killed: 2
        case .kept: 3
        case .reported: 4
        case .survivors: 5
        }
    }
}
