// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// How a hook stands that takes its time.
public struct HookProgress: Sendable {
    /// When it runs.
    public let phase: HookPhase
    /// The file, as it was named.
    public let path: [UInt8]
    /// For how long it has been running.
    public let ran: Duration
    /// How long it may.
    public let timeout: Duration
}
