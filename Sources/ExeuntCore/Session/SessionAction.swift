// SPDX-License-Identifier: Apache-2.0

/// What a session wants done.
public enum SessionAction: Hashable, Sendable {
    /// Deliver a signal to the leader's process group, or to the leader alone.
    case forward(SignalName, leaderOnly: Bool)
    /// Run this hook of the plan; answered by `hookEnded`, whatever becomes of it.
    case runHook(HookPhase, Int)
    /// End the hook that runs now, at once; its `hookEnded` still comes.
    case stopHook
    /// Something its ending wants done; its `finish` is the end of the session.
    case ending(EndingAction)
}
