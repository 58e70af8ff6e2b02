// SPDX-License-Identifier: Apache-2.0

/// What an ending wants done. Actions are carried out in order; those that ask for an answer get it as an event, and are
/// the last of their list.
public enum EndingAction: Hashable, Sendable {
    /// Look at the host; answered by `observed`, after `exited` for every child that can be reaped: who is told of only
    /// after the last look is missing in the record.
    case observe
    /// Send these signals, in this order, to each of these processes; answered by `signalled`.
    case signal([SignalName], [ProcessIdentity])
    /// Thaw whatever the session has frozen inside its cgroup: a frozen process cannot react.
    case thaw
    /// Freeze the session's cgroup, and wait a moment until nobody in it runs: whoever is spared must be told from whoever
    /// is not, and nobody can fork meanwhile. Undone by `thaw`. Unanswered.
    case freeze
    /// Kill the whole cgroup in one write; answered by `cgroupKilled`.
    case killCgroup
    /// Kill the leader's process group in one call, if it holds nobody but members: a racer that outruns single
    /// signals cannot outrun this one. Unanswered.
    case killLeaderGroup
    /// Wake the machine up at this moment; replaces the earlier timer.
    case setTimer(Instant)
    /// No timer is needed any more.
    case cancelTimer
    /// Nobody is left but the leader, which is leaving by itself: whoever waits for that may go on. Unanswered.
    case tellVacant
    /// The ending is over; nothing follows.
    case finish(Verdict)
}
