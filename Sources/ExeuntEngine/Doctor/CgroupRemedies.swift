// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension HostFacts {
    /// What keeps a payload from getting a control group.
    var cgroupObstacle: String {
        if !cgroups.isInKernel { return "the kernel has no cgroup version 2" }
        if cgroups.versionTwo.isEmpty { return "cgroup version 2 is not mounted" }
        guard let own = cgroups.own else {
            return "this process's control group (\(cgroups.membership ?? "unknown")) lies outside of what is mounted"
        }
        switch cgroups.leaf.outcome {
        case .untried, .born: return ""
        case .refused(let error): return error.description
        case .barren(let error):
            return own.isThreaded ? "its control group is for threads (\(own.type ?? "")): \(error)" : error.description
        }
    }

    /// How to get a control group for payloads.
    var cgroupRemedies: [Remedy] {
        if !cgroups.isInKernel { return [Remedy("a kernel of 5.14 or newer with CONFIG_CGROUPS")] }
        if cgroups.versionTwo.isEmpty { return mountRemedies }
        guard let own = cgroups.own else {
            return containerRemedies
                + [
                    Remedy(
                        "as root, in a cgroup namespace of its own",
                        "unshare --cgroup --mount sh -c 'mount -t cgroup2 cgroup2 /sys/fs/cgroup; exec COMMAND'")
                ]
        }
        switch cgroups.leaf.outcome {
        case .untried, .born: return []
        case .refused(let error): return remedies(for: error, own)
        case .barren(let error):
            if own.isThreaded { return [moveRemedy(into: own.domainAbove)] }
            return error.errno == .notPermitted || error.errno == .permissionDenied ? delegationRemedies(own) : []
        }
    }

    private var mountRemedies: [Remedy] {
        // Beside version 1, /sys/fs/cgroup is a tmpfs full of its hierarchies.
        let place = cgroups.versionOne.isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified"
        let make = cgroups.versionOne.isEmpty ? "" : "mkdir -p \(place) && "
        let mount = Remedy("as root", make + "mount -t cgroup2 cgroup2 \(place)")
        guard surroundings.isSystemd, !cgroups.versionOne.isEmpty else { return [mount] + containerRemedies }
        return [mount, Remedy("for good, on the kernel's command line", "systemd.unified_cgroup_hierarchy=1")]
    }

    private func remedies(for error: SystemError, _ own: CgroupFacts.OwnGroup) -> [Remedy] {
        // An ordinary user is told of the permission first, and of the mount only after that has been given.
        if own.isReadOnly || error.errno == .readOnlyFileSystem {
            let command = "mount -o remount,bind,rw \(ShellText.quoted(own.mountPoint))"
            return containerRemedies + [Remedy("as root", command)] + (user.isRoot ? [] : delegationRemedies(own))
        }
        switch error.errno {
        case .permissionDenied, .notPermitted:
            return delegationRemedies(own)
        case .resourceTemporarilyUnavailable:
            let files = "cgroup.max.depth, cgroup.max.descendants"
            return [Remedy("raise \(files) in \(ShellText.quoted(own.path)) or in a group above it")]
        default:
            return []
        }
    }

    /// cgroups(7), "Cgroups delegation": the directory and three of its files are given away, and whoever is to use it
    /// must be in it.
    private func delegationRemedies(_ own: CgroupFacts.OwnGroup) -> [Remedy] {
        var remedies: [Remedy] = []
        // Numbers and rights of this user namespace mean nothing to whoever could give a group away.
        if surroundings.isInitialUserNamespace == false, own.owner != user.effectiveUID {
            let command = "systemd-run --user --scope -p Delegate=yes COMMAND"
            return [Remedy("make the user namespace inside of a control group of its user's own", command)]
        }
        if surroundings.hasUserManager {
            let command = "systemd-run --user --scope -p Delegate=yes exeunt run -- COMMAND"
            remedies.append(Remedy("from systemd's manager of this user", command))
        }
        if own.owner == user.effectiveUID {
            let lists = ["cgroup.procs", "cgroup.threads", "cgroup.subtree_control"]
            let paths = lists.map { ShellText.quoted(own.path + "/" + $0) }.joined(separator: " ")
            return remedies + [
                Remedy("as root, the rest of what is yours already", "chown \(user.effectiveUID) \(paths)")
            ]
        }
        let group = (own.path == "/" ? "" : own.path) + "/user-\(user.effectiveUID)"
        return remedies + [
            Remedy(
                "as root, a group of your own with \(user.callerName) in it",
                "d=\(ShellText.quoted(group)); mkdir -p \"$d\" && chown \(user.effectiveUID) \"$d\" "
                    + "\"$d\"/cgroup.procs \"$d\"/cgroup.threads \"$d\"/cgroup.subtree_control "
                    + "&& echo \(user.callerWord) > \"$d\"/cgroup.procs")
        ]
    }

    private func moveRemedy(into domain: String) -> Remedy {
        let group = ShellText.quoted((domain == "/" ? "" : domain) + "/domain-\(user.effectiveUID)")
        return Remedy(
            "as root, a group that can hold processes, with \(user.callerName) in it",
            "d=\(group); mkdir -p \"$d\" && echo \(user.callerWord) > \"$d\"/cgroup.procs")
    }

    /// How containers are started with a control group of their own that can be written to.
    private var containerRemedies: [Remedy] {
        guard surroundings.isInitialPIDNamespace == false else { return [] }
        return [
            Remedy(
                "start a container so with Docker of 2025 or newer; with an older one, --privileged",
                "docker run --cgroupns=private --security-opt writable-cgroups=true IMAGE"),
            Remedy("or with Podman", "podman run --cgroupns=private --security-opt unmask=/sys/fs/cgroup IMAGE"),
        ]
    }
}
