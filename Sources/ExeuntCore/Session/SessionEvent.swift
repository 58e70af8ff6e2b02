// SPDX-License-Identifier: Apache-2.0

/// What can happen to a session.
public enum SessionEvent: Sendable {
    /// Its leader has been born, as leader of a process group of its own. Pid 0 stands for one that is not known, which
    /// is so where a second supervisor takes a session over.
    case started(ProcessIdentity)
    /// The leader has exited.
    case leaderExited
    /// Somebody asks for the end with this signal (TERM or INT).
    case requested(SignalName)
    /// Somebody sends a signal that is the payload's business (HUP, QUIT, USR1, USR2, WINCH, CONT).
    case passed(SignalName)
    /// Whoever watches over it says that it is over: a log-in's session, or what was left of one.
    case over(EndingReason)
    /// The time it was allowed is over.
    case timeLimit
    /// The process that the caller knows as the supervisor is dead.
    case supervisorExited
    /// The hook that was run last is over.
    case hookEnded
    /// Something happened to its ending.
    case ending(EndingEvent)
}
