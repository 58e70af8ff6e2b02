// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What else there is around a session.
struct SurroundingFacts: Sendable {
    struct InitProcess: Sendable {
        var isThisProcess = false
        var isExeunt = false
        /// As it calls itself; nil where it cannot be seen.
        var name: String?
    }

    /// A display that the environment names.
    struct Display: Sendable {
        /// The value of the variable.
        var name: String
        /// Whether the value is one that names a display at all.
        var isValid = false
        /// Whether its server took a connection; nil when it could not be tried.
        var outcome: ServerTrial.Outcome?
    }

    /// nil where it cannot be seen.
    var isInitialPIDNamespace: Bool?
    var isInitialUserNamespace: Bool?
    var initProcess = InitProcess()
    /// systemd is the init of this host or container, sd_booted(3).
    var isSystemd = false
    /// systemd's manager of this user takes connections.
    var hasUserManager = false
    /// Where libpam is.
    var pamLibrary: String?
    /// Where its modules are.
    var pamModules: String?
    var x11: Display?
    var wayland: Display?
    var descriptors: ResourceLimit?
    var processes: ResourceLimit?

    static func gather() -> SurroundingFacts {
        var facts = SurroundingFacts()
        facts.isInitialPIDNamespace = Namespace.pid.isInitial
        facts.isInitialUserNamespace = Namespace.user.isInitial
        facts.initProcess = .gather()
        // The directory is what sd_booted(3) asks for, but can be a relic where /run outlives a boot.
        facts.isSystemd = exists("/run/systemd/system") && (facts.initProcess.name ?? "systemd") == "systemd"
        facts.hasUserManager = userManagerAnswers()
        facts.findPAM()
        facts.x11 = DisplayName.x11()
        facts.wayland = DisplayName.wayland()
        // try?: what cannot be read is not known, and said so.
        facts.descriptors = try? ResourceLimit.current(.nofile)
        facts.processes = try? ResourceLimit.current(.nproc)
        return facts
    }

    private static func exists(_ path: String) -> Bool {
        // try?: what may not be looked at is as good as not there.
        (try? FileFacts.of(path)) != nil
    }

    private static func userManagerAnswers() -> Bool {
        let directory = SessionMark.value(of: "XDG_RUNTIME_DIR") ?? Array("/run/user/\(CurrentProcess.uid)".utf8)
        // try?: no child can be made, and nothing is known.
        return (try? ServerTrial.run(.path(directory + Array("/systemd/private".utf8)))) == .connected
    }

    private mutating func findPAM() {
        let places = ["/lib", "/usr/lib"]
        let directories =
            ["x86_64-linux-gnu", "aarch64-linux-gnu"].flatMap { name in places.map { "\($0)/\(name)" } }
            + ["/lib64", "/usr/lib64"] + places
        pamLibrary = directories.map { $0 + "/libpam.so.0" }.first(where: Self.exists)
        pamModules = directories.map { $0 + "/security" }.first { Self.exists($0 + "/pam_unix.so") }
    }
}

extension SurroundingFacts.InitProcess {
    static func gather() -> Self {
        var facts = Self()
        facts.isThisProcess = CurrentProcess.pid == 1
        // try?: it may be another user's, and hidden.
        guard let table = try? ProcessTable() else { return facts }
        facts.name = (try? table.stat(1)).map { Escaping.shown($0.name) }
        if let identity = table.executableIdentity(1), let own = try? CurrentProcess.executableIdentity() {
            facts.isExeunt = identity == own
        }
        return facts
    }
}
