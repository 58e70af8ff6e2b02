// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntEngine
import LinuxSystem

/// What exeunt.conf(5) says of payloads, for whatever the command line does not say. It is root's, and root's alone.
struct RunDefaults {
    var payload = PayloadSettings()
    var hooks = HookSettings()

    /// What is in force for whoever calls.
    static func load() throws(ConfigurationFaults) -> RunDefaults {
        guard CurrentProcess.effectiveUID == 0 else { return RunDefaults() }
        let values = try ConfigurationLoader.values()
        return RunDefaults(payload: values.payload, hooks: values.hooks)
    }

    /// A request for this payload that asks for nothing else.
    func request(_ command: [[UInt8]]) -> RunRequest {
        RunRequest(
            command: command, trackers: payload.trackers.isEmpty ? nil : payload.trackers, ladder: payload.ladder,
            unkillable: payload.unkillable, timeLimit: payload.timeLimit)
    }
}
