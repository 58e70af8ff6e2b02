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
    /// Whom it runs as; nil: whoever runs Exeunt, with no supplementary groups if that is root.
    let identity: PayloadIdentity?
    let facts: HookFacts
    /// The record so far, for hooks after the ladder.
    let record: [UInt8]?

    /// The uid it runs as.
    var owner: UInt32 { identity?.credentials.uid ?? CurrentProcess.effectiveUID }

    /// How the hook's session is named; its leaf follows from it.
    static func session(of session: String, _ phase: HookPhase, _ index: Int) -> String {
        "\(session)-\(phase.rawValue)-\(index + 1)"
    }

    /// What is started, apart from the streams.
    func spawnRequest(_ file: borrowing TrustedFile, _ descriptors: ResourceLimit) -> SpawnRequest {
        var request = SpawnRequest(arguments: [path], environment: environment)
        request.programDescriptor = file.descriptor
        request.credentials = identity?.credentials
        if identity == nil, CurrentProcess.effectiveUID == 0 { request.credentials = Credentials(uid: 0, gid: 0) }
        request.directory = [UInt8(ascii: "/")]
        request.umask = 0o077
        // Root's are restored by whoever keeps the hook.
        if CurrentProcess.effectiveUID != 0 { request.limits[.nofile] = descriptors }
        request.newSession = true
        return request
    }

    /// Made anew: nothing of the payload's may reach a hook.
    private var environment: [[UInt8]] {
        let account = identity.map(PayloadEnvironment.made(for:)) ?? [PayloadEnvironment.searchPathOfRoot]
        let own = facts.variables + ["\(Tracker.sessionMark)=\(session)"]
        return account + own.map { Array($0.utf8) } + setup.variables.variables(for: facts)
    }
}
