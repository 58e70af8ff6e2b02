// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

private func parse(_ mountinfo: String, own: String) -> [CgroupHierarchy] {
    CgroupHierarchy.parse(mountinfo: bytes(mountinfo), membership: bytes(own))
}

private let hybrid = """
    23 1 0:5 / /dev rw - devtmpfs devtmpfs rw
    31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
    39 31 0:36 / /sys/fs/cgroup/pids rw,relatime shared:5 - cgroup cgroup rw,pids
    41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 master:1 - cgroup2 cgroup2 rw

    """

extension LinuxSystemSuite {
    @Suite struct CgroupMounts {
        @Test func unified() {
            let mounts = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
            let found = parse(mounts, own: "0::/user.slice/user-1000.slice\n")
            #expect(found.map(\.ownPath) == ["/sys/fs/cgroup/user.slice/user-1000.slice"])
            #expect(found.map(\.mountPoint) == ["/sys/fs/cgroup"])
        }

        @Test func hybridTakesTheLineOfVersionTwoOnly() {
            let found = parse(hybrid, own: "9:name=systemd:/a\n8:pids:/b\n1:cpu:/\n0::/c\n")
            #expect(found.map(\.ownPath) == ["/sys/fs/cgroup/unified/c"])
        }

        @Test func theRootOfTheHierarchy() {
            #expect(parse(hybrid, own: "0::/\n").map(\.ownPath) == ["/sys/fs/cgroup/unified"])
        }

        @Test func noVersionTwo() {
            #expect(parse("31 23 0:28 / /cg rw - cgroup cgroup rw,pids\n", own: "0::/\n").isEmpty)
            #expect(parse(hybrid, own: "8:pids:/b\n").isEmpty)
            #expect(parse("", own: "").isEmpty)
        }

        @Test func escapedMountPoint() {
            let mounts = #"30 23 0:26 / /mnt/a\040b\134c\011 rw - cgroup2 none rw"# + "\n"
            #expect(parse(mounts, own: "0::/x\n").map(\.ownPath) == ["/mnt/a b\\c\t/x"])
        }

        @Test func aBoundSubtreeIsTakenOffThePath() {
            let mounts = "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n"
            #expect(parse(mounts, own: "0::/docker/abc/x\n").map(\.ownPath) == ["/sys/fs/cgroup/x"])
            #expect(parse(mounts, own: "0::/docker/abc\n").map(\.ownPath) == ["/sys/fs/cgroup"])
            #expect(parse(mounts, own: "0::/docker/abcd\n").isEmpty)
            #expect(parse(mounts, own: "0::/\n").isEmpty)
            #expect(parse(mounts, own: "0::/docker/abc\n").map(\.isReadOnly) == [true])
        }

        @Test func outsideOfTheNamespaceThereIsNoPath() {
            #expect(parse(hybrid, own: "0::/../x\n").isEmpty)
            #expect(parse("30 23 0:26 /../.. /cg rw - cgroup2 cgroup rw\n", own: "0::/\n").isEmpty)
        }

        @Test func everyMountThatShowsItInOrder() {
            let mounts = """
                30 23 0:26 / /a ro - cgroup2 cgroup rw
                31 23 0:26 /other /b rw - cgroup2 cgroup rw
                32 23 0:26 /x /c rw - cgroup2 cgroup rw

                """
            #expect(parse(mounts, own: "0::/x/y\n").map(\.ownPath) == ["/a/x/y", "/c/y"])
        }

        @Test(arguments: ["30 23", "30 23 0:26 / /a rw cgroup2 cgroup rw", "30 23 0:26 / /a rw - cgroup2", " - - - "])
        func brokenLinesArePassedOver(line: String) { #expect(parse(line, own: "0::/\n").isEmpty) }
    }
}
