// SPDX-License-Identifier: Apache-2.0

/// When a hook runs.
public enum HookPhase: String, CaseIterable, Hashable, Sendable {
    /// Once the session is over, before anything of it is told to go.
    case before
    /// Once the ladder is done: a payload's epilogue.
    case after
}
