// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

extension HostFacts {
    /// What else there is around a session.
    var hostFindings: [Finding] {
        [
            pidNamespace, initProcess, userNamespace, systemd, loginList, pam,
            display("x11", "X display", "DISPLAY", surroundings.x11),
            display("wayland", "Wayland display", "WAYLAND_DISPLAY", surroundings.wayland),
            descriptors, processes,
        ].compactMap(\.self)
    }

    private var pidNamespace: Finding {
        let isInitial = surroundings.isInitialPIDNamespace != false
        return Finding(
            "host.pid-namespace", .host, "pid namespace", isInitial ? .yes : .partly,
            found: isInitial ? "the machine's own" : "one of its own: a container, or unshare",
            meaning: isInitial
                ? "Every process of the machine can be seen."
                : "Only processes inside of it are seen; when its pid 1 ends, the kernel kills all of them.")
    }

    private var initProcess: Finding {
        let process = surroundings.initProcess
        let isContainer = surroundings.isInitialPIDNamespace == false
        let isFit = !isContainer || surroundings.isSystemd || process.isExeunt
        let name = process.isThisProcess ? "this process" : process.isExeunt ? "exeunt" : process.name ?? "hidden"
        return Finding(
            "host.init", .host, "pid 1", isFit ? .yes : .partly, found: name,
            meaning: isFit
                ? "It reaps what ends, and outlives the session."
                : "When it ends, whatever is left is killed without having been asked, and no record is written.",
            remedies: isFit ? [] : [Remedy("as pid 1 of the container", #"ENTRYPOINT ["exeunt", "run", "--"]"#)])
    }

    private var userNamespace: Finding? {
        guard surroundings.isInitialUserNamespace == false else { return nil }
        return Finding(
            "host.user-namespace", .host, "user namespace", .partly, found: "one of its own",
            meaning: "Root is root inside of it only, and an ordinary user to the machine.")
    }

    private var systemd: Finding {
        let delegated = cgroups.own?.isMarkedDelegated == true
        let manager = surroundings.hasUserManager ? ", the user's manager answers" : ""
        guard surroundings.isSystemd else {
            return Finding(
                "host.systemd", .host, "systemd", .no, found: "/run/systemd/system is not there",
                meaning: "Nobody else arranges control groups, and 'exeunt run' does not need it.")
        }
        return Finding(
            "host.systemd", .host, "systemd", .yes,
            found: "it is in charge" + manager
                + (delegated ? ", this group is delegated" : ", this group is not delegated"),
            meaning: delegated
                ? "It leaves this process's control group to this user."
                : "It arranges control groups, this process's included.")
    }

    private var loginList: Finding {
        guard let keeper = proc.loginKeeper else {
            return Finding(
                "host.logind", .host, "log-ins", .no, found: "neither logind nor elogind is seen",
                meaning: "Nobody keeps a list of log-ins that can be asked, and 'exeunt run' does not need one.")
        }
        return Finding(
            "host.logind", .host, "log-ins", .yes, found: "\(keeper) is seen",
            meaning: "Log-ins are known to the host; 'exeunt run' works inside of them like anywhere else.")
    }

    private var pam: Finding {
        switch (surroundings.pamLibrary, surroundings.pamModules) {
        case (let library?, let modules?):
            return Finding(
                "host.pam", .host, "PAM", .yes, found: "\(library), modules in \(modules)",
                meaning: "Log-ins go through PAM, where modules can be told of them.")
        case (let library?, nil):
            return Finding(
                "host.pam", .host, "PAM", .partly, found: "\(library), no modules",
                meaning: "No log-in can go through PAM.",
                remedies: [Remedy("install the modules", "apt install libpam-modules")])
        case (nil, _):
            return Finding(
                "host.pam", .host, "PAM", .no, found: "libpam.so.0 is not there",
                meaning: "Log-ins do not go through PAM, and 'exeunt run' does not need it.")
        }
    }

    private func display(
        _ id: String, _ name: String, _ variable: String, _ display: SurroundingFacts.Display?
    ) -> Finding {
        let make = { (state: Finding.State, found: String, meaning: String) in
            Finding("host." + id, .host, name, state, found: found, meaning: meaning)
        }
        guard let display else {
            return make(.no, "\(variable) is not set", "This session shows nothing on such a display.")
        }
        let value = "\(variable)=\(display.name)"
        guard display.isValid else { return make(.no, "\(value) names no display", "No program can find it.") }
        let why: String
        switch display.outcome {
        case .connected: return make(.yes, value, "Its server takes connections from here.")
        case .refused(let errno): why = SystemError("connect to", value, errno).description
        case .silent: why = "\(value) does not answer"
        case .unknownHost: why = "\(value) is on a host that nobody knows"
        case nil: why = "\(value) could not be tried"
        }
        return make(.no, why, "Nobody listens there: the display is gone, or belongs to somebody else.")
    }
}
