// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// `[Payload]`: how payloads of root's `exeunt run` are ended.
public struct PayloadSettings: Settings, Hashable {
    /// The ladder.
    public var ladder = Ladder.payload
    /// The bound after KILL.
    public var unkillable = Duration.seconds(15)
    /// How members are found; empty: by the best that the host offers.
    public var trackers: [Tracker] = []
    /// After this time the session is over; nil: never.
    public var timeLimit: Duration?

    /// The defaults.
    public init() {}
}
