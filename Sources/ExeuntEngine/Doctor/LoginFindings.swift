// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import LinuxSystem

extension HostFacts {
    /// Who is told of log-ins, and who ends them.
    var loginFindings: [Finding] { [loginPolicy, daemon, pamModule, sessionServices].compactMap(\.self) }

    /// logind beside exeuntd: two who end the same session would leave none of the promises of either.
    private var loginPolicy: Finding? {
        guard let keeper = logins.keeper, let policy = logins.policy else { return nil }
        let make = { (state: Finding.State, found: String, meaning: String) in
            Finding(
                "host.logind-policy", .host, "\(keeper)'s policy", state, found: found, meaning: meaning,
                remedies: state == .yes ? [] : Self.remedies(keeper))
        }
        switch policy {
        case .unreadable(let why):
            return make(.partly, why, "It is not known whether \(keeper) ends sessions itself.")
        case .read(let configuration):
            switch configuration.killUserProcesses {
            case false?:
                return make(.yes, "KillUserProcesses=no", "What a session leaves is left to Exeunt.")
            case true?:
                return make(
                    .partly, "KillUserProcesses=yes" + Self.scope(configuration),
                    "\(keeper) ends what sessions leave, as well as exeuntd: without leases, hooks and records.")
            case nil:
                return make(
                    .partly, "KillUserProcesses= is in no file",
                    "Whether \(keeper) ends what sessions leave depends on how it was built.")
            }
        }
    }

    private static func scope(_ configuration: LogindConfiguration) -> String {
        configuration.killOnlyUsers.isEmpty ? "" : ", KillOnlyUsers= names \(configuration.killOnlyUsers.count)"
    }

    private static func remedies(_ keeper: LoginSurroundings.Keeper) -> [Remedy] {
        let reload = keeper == .logind ? "systemctl kill --signal=HUP systemd-logind" : "loginctl reload"
        return [
            Remedy(
                "as root, where exeuntd is to end log-in sessions",
                "mkdir -p \(keeper.dropIns) && printf '[Login]\\nKillUserProcesses=no\\n' >\(keeper.dropIns)/50-exeunt.conf && \(reload)"
            )
        ]
    }

    private var daemon: Finding? {
        guard let outcome = logins.daemon else { return nil }
        let make = { (state: Finding.State, found: String, meaning: String) in
            Finding(
                "host.daemon", .host, "exeuntd", state, found: found, meaning: meaning,
                remedies: state == .yes ? [] : daemonRemedies)
        }
        switch outcome {
        case .connected:
            return make(.yes, "it answers at \(LoginSurroundings.socket)", "Log-in sessions are kept, and ended.")
        case .refused(.noSuchFileOrDirectory):
            return make(
                .no, "\(LoginSurroundings.socket) is not there",
                "Nobody keeps log-in sessions; 'exeunt run' does not need it.")
        case .refused(let errno):
            return make(
                .no, SystemError("connect to", LoginSurroundings.socket, errno).description,
                "It has ended or cannot be reached; log-in sessions are ended once it is there again.")
        case .silent, .unknownHost:
            return make(
                .no, "\(LoginSurroundings.socket) does not answer",
                "It is stopped or has more to do than it can; log-in sessions are not ended meanwhile.")
        }
    }

    private var daemonRemedies: [Remedy] {
        surroundings.isSystemd
            ? [Remedy("as root, for log-in sessions", "systemctl enable --now exeuntd")]
            : [Remedy("for log-in sessions, let the host's init start exeuntd")]
    }

    private var pamModule: Finding? {
        guard surroundings.pamLibrary != nil, let services = logins.services else { return nil }
        let make = { (state: Finding.State, found: String, meaning: String, remedies: [Remedy]) in
            Finding(
                "host.pam-exeunt", .host, "pam_exeunt", state, found: found, meaning: meaning, remedies: remedies)
        }
        guard !services.isEmpty else {
            return make(
                .no, "no file of /etc/pam.d has it", "Exeunt is told of no log-in; 'exeunt run' does not need it.",
                [pamRemedy])
        }
        let names = services.prefix(4).joined(separator: ", ") + (services.count > 4 ? ", …" : "")
        guard let module = logins.module else {
            return make(
                .no, "\(names) in /etc/pam.d have it, and there is no pam_exeunt.so beside the other modules",
                "Log-ins go on, and Exeunt is told of none.", [Remedy("install the module, or take the lines out")])
        }
        return make(.yes, "\(module), in \(names)", "Exeunt is told of log-ins by these services.", [])
    }

    private var pamRemedy: Remedy {
        logins.hasPAMProfiles
            ? Remedy("as root, for all services", "pam-auth-update --enable exeunt")
            : Remedy("after the last session line of a service in /etc/pam.d: 'session optional pam_exeunt.so'")
    }

    /// Services that would end with the log-in of an administrator.
    private var sessionServices: Finding? {
        guard let services = logins.sessionServices else { return nil }
        let make = { (state: Finding.State, found: String, meaning: String, remedies: [Remedy]) in
            Finding(
                "host.session-services", .host, "services", state, found: found, meaning: meaning, remedies: remedies)
        }
        guard !services.isEmpty else {
            return make(.yes, "none is in the session of a log-in", "No service ends with a log-out.", [])
        }
        let names = services.prefix(4).map { "\(Escaping.shown($0.name)) (\($0.pid)) is in session \($0.session)" }
        return make(
            .partly, names.joined(separator: ", ") + (services.count > 4 ? ", …" : ""),
            "A service that was started from a log-in ends with it, unless a rule keeps it.",
            [
                Remedy("let the host's init start it: at the next boot, or by its own command where it has one"),
                Remedy("keep the program by a rule with Exe= and Action=keep, see docs/howto/login-node.md"),
                Remedy("for some time, restart it under a lease", "exeunt keep -- service NAME restart"),
            ])
    }
}
