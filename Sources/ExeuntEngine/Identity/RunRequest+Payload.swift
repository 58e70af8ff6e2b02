// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

extension RunRequest {
    /// Whose session it is: weak evidence counts for this uid only.
    var owner: UInt32 { identity?.credentials.uid ?? CurrentProcess.uid }

    /// How the payload is started, as far as that was asked for.
    func payload(session id: String) -> SpawnRequest {
        var spawn = SpawnRequest(
            arguments: command,
            environment: PayloadEnvironment.make(from: CurrentProcess.environment, self, session: id))
        spawn.directory = conditions.directory
        spawn.umask = conditions.umask
        spawn.limits = conditions.limits
        spawn.noNewPrivileges = conditions.noNewPrivileges
        spawn.passedDescriptors = conditions.passedDescriptors
        spawn.leadsGroup = true
        guard let identity else { return spawn }
        spawn.credentials = identity.credentials
        spawn.passedDescriptors = conditions.passedDescriptors ?? []
        // Without a controlling terminal: whoever has root's could type into it (TIOCSTI).
        spawn.newSession = true
        if conditions.isLogin { logIn(&spawn, identity.account) }
        return spawn
    }

    private func logIn(_ spawn: inout SpawnRequest, _ account: Account) {
        spawn.candidates = [account.shell]
        spawn.arguments = [Self.loginName(of: account.shell)]
        // Word for word, whatever they hold: nothing is quoted and read again.
        if !command.isEmpty { spawn.arguments += ["-c", #"exec "$0" "$@""#].map { Array($0.utf8) } + command }
        spawn.directory = conditions.directory ?? account.home
    }

    /// What the payload runs, for people: without a command it is the log-in shell.
    var shownCommand: [[UInt8]] {
        guard command.isEmpty, let identity else { return command }
        return [Self.loginName(of: identity.account.shell)]
    }

    /// The name by which a shell knows that it begins a log-in.
    private static func loginName(of shell: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "-")] + (shell.split(separator: UInt8(ascii: "/")).last ?? [])
    }

    /// Says what a failed start means to whoever asked for an identity.
    func explained(_ error: SpawnError) -> any Error {
        guard error.stage == .directory, conditions.isLogin, conditions.directory == nil, let identity else {
            return error
        }
        return IdentityError.homeUnreachable(user: identity.account.name, error.error)
    }
}
