// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

@testable import ExeuntEngine
@testable import LinuxSystem

@Suite struct CgroupRemedyTests {
    private func commands(uid: UInt32 = 1000, _ change: (inout HostFacts) -> Void) -> [String] {
        var host = HostFacts.sample(uid: uid)
        host.surroundings.isSystemd = false
        change(&host)
        #expect(host.finding("tracker.cgroup")?.state == .no)
        return host.finding("tracker.cgroup")?.remedies.compactMap(\.command) ?? []
    }

    @Test func aGroupOfOnesOwnIsMadeAndGivenAway() {
        let files = #""$d" "$d"/cgroup.procs "$d"/cgroup.threads "$d"/cgroup.subtree_control"#
        #expect(
            commands { $0.cgroups = .sample(refused: .permissionDenied) } == [
                #"d=/sys/fs/cgroup/a/user-1000; mkdir -p "$d" && chown 1000 \#(files) && echo 4711 > "$d"/cgroup.procs"#
            ])
    }

    @Test func whereSystemdsManagerAnswersItIsAskedFirst() {
        let found = commands {
            $0.cgroups = .sample(refused: .permissionDenied)
            $0.surroundings.hasUserManager = true
        }
        #expect(found.first == "systemd-run --user --scope -p Delegate=yes exeunt run -- COMMAND")
        #expect(found.count == 2)
    }

    @Test func anInitIsNotMoved() {
        for caller: Int32 in [0, 1] {
            let found = commands {
                $0.cgroups = .sample(refused: .permissionDenied)
                $0.user.caller = caller
            }
            #expect(found.first?.hasSuffix(#"echo PID > "$d"/cgroup.procs"#) == true)
        }
    }

    @Test func aUserNamespaceIsHelpedFromOutside() {
        let found = commands(uid: 0) {
            $0.cgroups = .sample(refused: .permissionDenied)
            $0.cgroups.own?.owner = 65534
            $0.surroundings.isInitialUserNamespace = false
        }
        #expect(found == ["systemd-run --user --scope -p Delegate=yes COMMAND"])
    }

    @Test func whoOwnsTheDirectoryNeedsTheLists() {
        let found = commands {
            $0.cgroups = .sample(refused: .permissionDenied)
            $0.cgroups.own?.path = #"/cg/a\x2db"#
            $0.cgroups.own?.owner = 1000
        }
        let lists = ["procs", "threads", "subtree_control"].map { #"'/cg/a\x2db/cgroup.\#($0)'"# }
        #expect(found == ["chown 1000 " + lists.joined(separator: " ")])
    }

    @Test func aReadOnlyMountIsNamedEvenWhenThePermissionIsMissingFirst() {
        for (uid, errno) in [(UInt32(0), Errno.readOnlyFileSystem), (1000, .permissionDenied)] {
            let found = commands(uid: uid) {
                $0.cgroups = .sample(refused: errno)
                $0.cgroups.own?.isReadOnly = true
                $0.surroundings.isInitialPIDNamespace = false
            }
            #expect(found.contains("mount -o remount,bind,rw /sys/fs/cgroup"))
            #expect(
                found.first?.hasPrefix("docker run --cgroupns=private --security-opt writable-cgroups=true") == true)
            #expect(found.contains { $0.hasPrefix("d=") } == (uid != 0))
        }
    }

    @Test func versionOneHasVersionTwoBesideIt() {
        let mount = "mount -t cgroup2 cgroup2 /sys/fs/cgroup"
        #expect(commands { $0.cgroups = CgroupFacts(isInKernel: true) } == [mount])
        let hybrid = commands { $0.cgroups = CgroupFacts(isInKernel: true, versionOne: ["/sys/fs/cgroup/pids"]) }
        #expect(hybrid == ["mkdir -p /sys/fs/cgroup/unified && \(mount)/unified"])
        let systemd = commands {
            $0.cgroups = CgroupFacts(isInKernel: true, versionOne: ["/sys/fs/cgroup/pids"])
            $0.surroundings.isSystemd = true
        }
        #expect(systemd.last == "systemd.unified_cgroup_hierarchy=1")
    }

    @Test func outOfThreadsTheWayIsUp() {
        let found = commands(uid: 0) {
            $0.cgroups.own?.type = "threaded"
            $0.cgroups.leaf.outcome = .barren(SystemError("start", "process in its cgroup", .notSupported))
        }
        #expect(found == [#"d=/sys/fs/cgroup/domain-0; mkdir -p "$d" && echo 4711 > "$d"/cgroup.procs"#])
    }

    @Test func whatCannotBeHelpedHasNoRemedy() {
        #expect(commands { $0.cgroups = .sample(refused: .noMemory) }.isEmpty)
    }

    @Test func layouts() {
        for (two, one, state) in [
            (["/a"], [], Finding.State.yes), (["/a"], ["/b"], .yes), ([], ["/b"], .no), ([], [], .no),
        ] {
            var host = HostFacts.sample()
            host.cgroups.versionTwo = two
            host.cgroups.versionOne = one
            #expect(host.finding("cgroup.layout")?.state == state)
        }
    }

    @Test(arguments: [
        ("/sys/fs/cgroup", "/sys/fs/cgroup"), ("a b", "'a b'"), ("", "''"), ("it's", #"'it'\''s'"#),
        (#"a\x2db"#, #"'a\x2db'"#), ("$(rm)", "'$(rm)'"), ("a\nb'", #"$'a\x0ab\x27'"#),
        ("\u{202E}x", #"$'\xe2\x80\xaex'"#),
        ("é", "'é'"),
    ]) func wordsAreQuoted(_ word: String, _ quoted: String) {
        #expect(ShellText.quoted(word) == quoted)
    }
}
