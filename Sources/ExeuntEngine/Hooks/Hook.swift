// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// One hook that is about to run.
struct Hook {
    let phase: HookPhase
    let path: [UInt8]
    /// Of the session that the hook's processes are in: it is one of its own.
    let session: String
    let setup: HookSetup
    let facts: HookFacts
    /// The record so far, for hooks after the ladder.
    let record: [UInt8]?

    /// The environment is made anew: nothing of the payload's may reach a hook.
    static let searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// How the hook's session is named; its leaf follows from it.
    static func session(of session: String, _ phase: HookPhase, _ index: Int) -> String {
        "\(session)-\(phase.rawValue)-\(index + 1)"
    }

    /// What is started, apart from the streams.
    func spawnRequest(_ file: borrowing TrustedFile, _ limits: [Resource: ResourceLimit]) -> SpawnRequest {
        var environment = ([Self.searchPath] + facts.variables).map { Array($0.utf8) }
        environment += setup.variables.variables(for: facts)
        var request = SpawnRequest(arguments: [path], environment: environment)
        request.programDescriptor = file.descriptor
        request.credentials = phase == .before ? setup.beforeIdentity : setup.afterIdentity
        request.directory = [UInt8(ascii: "/")]
        request.umask = 0o077
        request.limits = limits
        request.newSession = true
        return request
    }
}
