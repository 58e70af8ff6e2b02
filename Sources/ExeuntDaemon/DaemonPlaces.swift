// SPDX-License-Identifier: Apache-2.0

/// Where the daemon has its files.
public struct DaemonPlaces: Sendable {
    /// What it knows, for as long as the machine is up.
    public var run = "/run/exeunt"
    /// Where it can be spoken to.
    public var socket: String { run + "/io.exeunt" }

    /// Those of exeuntd(8).
    public init() {}
}
