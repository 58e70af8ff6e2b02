// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import LinuxSystem

/// Who ends log-in sessions on this host, and whether anybody is told of them.
struct LoginSurroundings: Sendable {
    /// A keeper of log-ins that may end sessions itself, and its configuration.
    enum Keeper: String, Sendable {
        case logind, elogind

        var files: ConfigurationFiles { self == .logind ? .logind : .elogind }
        /// Where an administrator's additions to them go.
        var dropIns: String { self == .logind ? "/etc/systemd/logind.conf.d" : "/etc/elogind/logind.conf.d" }
    }

    /// What its files say.
    enum Policy: Sendable {
        case read(LogindConfiguration)
        /// They could not be read, and why.
        case unreadable(String)
    }

    /// nil where there is none.
    var keeper: Keeper?
    var policy: Policy?
    /// Whether exeuntd took a connection; nil when it could not be tried.
    var daemon: ServerTrial.Outcome?
    /// The PAM services, or files included by them, that name the module; nil where /etc/pam.d cannot be listed.
    var services: [String]?
    /// Where the module is; nil where it is not installed.
    var module: String?
    /// What an administrator has started from within a session; nil where nobody keeps sessions, or nobody can tell.
    var sessionServices: [SessionService]?
    /// Debian's way of naming modules in all services at once.
    var hasPAMProfiles = false

    static let socket = "/run/exeunt/io.exeunt"

    static func gather(_ surroundings: SurroundingFacts, _ proc: ProcFacts) -> LoginSurroundings {
        var facts = LoginSurroundings()
        facts.keeper = keeper(proc)
        facts.policy = facts.keeper.map { policy($0.files) }
        // try?: no child can be made, and nothing is known.
        facts.daemon = try? ServerTrial.run(.path(Array(socket.utf8)))
        facts.services = services()
        // try?: without /proc or cgroups there is nothing to be told.
        if facts.daemon == .connected { facts.sessionServices = try? SessionService.gather() }
        facts.module = surroundings.pamModules.map { $0 + "/pam_exeunt.so" }.flatMap { exists($0) ? $0 : nil }
        facts.hasPAMProfiles = exists("/usr/sbin/pam-auth-update") && exists("/usr/share/pam-configs/exeunt")
        return facts
    }

    /// Both keep their lists below /run/systemd; only systemd's logind has a systemd that is in charge beside it. The
    /// directories can be relics, which shows where processes do.
    private static func keeper(_ proc: ProcFacts) -> Keeper? {
        let isHidden = proc.others == .unreadable || proc.others == .unlisted
        guard proc.loginKeeper != nil || isHidden else { return nil }
        guard exists("/run/systemd/seats") || exists("/run/systemd/sessions") else { return nil }
        return exists("/run/systemd/system") ? .logind : .elogind
    }

    private static func policy(_ files: ConfigurationFiles) -> Policy {
        do throws(ConfigurationFaults) {
            return .read(LogindConfiguration.read(try files.read(from: PlainConfigurationSource())))
        } catch {
            return .unreadable(error.all.map(\.description).joined(separator: "; "))
        }
    }

    private static func services() -> [String]? {
        let directory = "/etc/pam.d"
        // try?, twice: what may not be read is not known, and left out.
        guard let names = try? listDirectory(directory) else { return nil }
        return names.sorted().filter { name in
            guard let bytes = try? readRegularFile("\(directory)/\(name)", limit: 1 << 16) else { return false }
            return opensSessions(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Whether a file in the form of pam.conf(5) has a session line with the module.
    static func opensSessions(_ text: String) -> Bool {
        text.split(separator: "\n").contains { line in
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard words.first == "session" || words.first == "-session" else { return false }
            // A control in brackets has several words, so that the module is not always the third.
            return words.dropFirst(2).contains { $0 == "pam_exeunt.so" || $0.hasSuffix("/pam_exeunt.so") }
        }
    }

    private static func exists(_ path: String) -> Bool {
        // try?: what may not be looked at is as good as not there.
        (try? FileFacts.of(path)) != nil
    }
}
