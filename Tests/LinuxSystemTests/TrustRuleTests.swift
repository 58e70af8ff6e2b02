// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

/// Facts of something that is as it should be: of root's, mode 0755.
private func facts(_ kind: ComponentFacts.Kind, _ change: (inout ComponentFacts) -> Void = { _ in }) -> ComponentFacts {
    var facts = ComponentFacts(
        kind: kind, permissions: 0o755, owner: 0, group: 0, identity: FileIdentity(device: 1, inode: 2), mount: 3)
    change(&facts)
    return facts
}

private struct Row: CustomTestStringConvertible, Sendable {
    var testDescription: String
    let facts: ComponentFacts
    let role: TrustRules.Role
    let rule: TrustRule?
    let rules: TrustRules

    init(
        _ name: String, _ role: TrustRules.Role, _ rule: TrustRule?, users: [UInt32] = [], groups: [UInt32] = [],
        kind: ComponentFacts.Kind? = nil, _ change: (inout ComponentFacts) -> Void = { _ in }
    ) {
        testDescription = name
        facts = LinuxSystemTests.facts(kind ?? (role == .directory ? .directory : .file), change)
        self.role = role
        self.rule = rule
        rules = TrustRules(users: users, groups: groups)
    }
}

private let rows = [
    Row("a directory of root's", .directory, nil),
    Row("a program of root's", .program, nil),
    Row("a document of root's", .document, nil) { $0.permissions = 0o600 },
    Row("a link", .program, .link, kind: .link),
    Row("a link on the way", .directory, .link, kind: .link),
    Row("a file on the way", .directory, .notDirectory, kind: .file),
    Row("a FIFO on the way", .directory, .notDirectory, kind: .other),
    Row("a directory as program", .program, .notFile, kind: .directory),
    Row("a FIFO as program", .program, .notFile, kind: .other),
    Row("a directory as document", .document, .notFile, kind: .directory),
    Row("a device as document", .document, .notFile, kind: .other),
    Row("somebody's", .program, .owner(1000)) { $0.owner = 1000 },
    Row("somebody's directory", .directory, .owner(1000)) { $0.owner = 1000 },
    Row("somebody's who is trusted", .program, nil, users: [1000]) { $0.owner = 1000 },
    Row("root's where somebody else is trusted", .program, nil, users: [1000]),
    Row("another one's than is trusted", .program, .owner(1001), users: [1000]) { $0.owner = 1001 },
    Row("writable by all", .program, .othersWrite) { $0.permissions = 0o757 },
    Row("a document writable by all", .document, .othersWrite) { $0.permissions = 0o646 },
    Row("a directory writable by all", .directory, .othersWrite) { $0.permissions = 0o757 },
    Row("a sticky directory writable by all", .directory, .sticky(isOpen: true)) { $0.permissions = 0o1777 },
    Row("a sticky directory", .directory, .sticky(isOpen: false)) { $0.permissions = 0o1755 },
    Row("a sticky file", .program, nil) { $0.permissions = 0o1755 },
    Row("writable by group 0", .program, .groupWrite(0)) { $0.permissions = 0o775 },
    Row("writable by group 0 where user 0 is named", .program, .groupWrite(0), users: [0]) { $0.permissions = 0o775 },
    Row("writable by a trusted group 0", .program, nil, groups: [0]) { $0.permissions = 0o775 },
    Row("a directory writable by a group", .directory, .groupWrite(50)) { ($0.permissions, $0.group) = (0o775, 50) },
    Row("writable by a trusted group", .directory, nil, groups: [50]) { ($0.permissions, $0.group) = (0o775, 50) },
    Row("writable by another group", .program, .groupWrite(51), groups: [50]) {
        ($0.permissions, $0.group) = (0o775, 51)
    },
    Row("a group that may not write", .program, nil) { $0.group = 51 },
    Row("a set-uid program", .program, .setID) { $0.permissions = 0o4755 },
    Row("a set-gid program", .program, .setID) { $0.permissions = 0o2755 },
    Row("a set-gid directory", .directory, nil) { $0.permissions = 0o2755 },
    Row("not executable", .program, .notExecutable) { $0.permissions = 0o644 },
    Row("a list that names only readers", .program, nil) { $0.accessList = AccessList(.posix, []) },
    // The group's bits are the mask then, and the owning group has not what they say.
    Row("a mask that nobody fills", .program, nil) {
        ($0.permissions, $0.accessList) = (0o775, AccessList(.posix, []))
    },
    Row("a list for somebody", .program, .accessList(.posix, .user(1000))) {
        $0.accessList = AccessList(.posix, [.user(1000)])
    },
    Row("a list for somebody's directory", .directory, .accessList(.posix, .group(50))) {
        $0.accessList = AccessList(.posix, [.user(0), .group(50)])
    },
    Row("a list for the trusted", .directory, nil, users: [1000], groups: [50]) {
        $0.accessList = AccessList(.posix, [.user(0), .user(1000), .group(50)])
    },
    Row("a list for the owning group", .program, .groupWrite(0)) { $0.accessList = AccessList(.posix, [.owningGroup]) },
    Row("a list for the trusted owning group", .program, nil, groups: [50]) {
        ($0.group, $0.accessList) = (50, AccessList(.posix, [.owningGroup]))
    },
    Row("a server's list for everybody", .program, .accessList(.nfs, .everyone)) {
        $0.accessList = AccessList(.nfs, [.everyone])
    },
    Row("a server's list for a name", .program, .accessList(.nfs, .named([97])), users: [1000], groups: [50]) {
        $0.accessList = AccessList(.nfs, [.named([97])])
    },
]

@Suite struct TrustRuleTests {
    @Test(arguments: rows) private func eachRule(_ row: Row) {
        #expect(row.rules.objection(to: row.facts, as: row.role) == row.rule)
    }

    @Test func eachMount() throws {
        let rows: [(String, String, [UInt32], TrustRule?)] = [
            ("ext4", "rw", [], nil),
            ("fuse.sshfs", "rw,user_id=1000,group_id=1000", [], .userMount(1000)),
            ("fuse", "rw,user_id=1000,group_id=0,default_permissions,allow_other", [], .userMount(1000)),
            ("fuseblk", "rw,user_id=1000,group_id=0,default_permissions", [], .userMount(1000)),
            ("fuse.x", "rw,user_id=1000,default_permissions", [1000], nil),
            ("fuse.x", "rw,user_id=0,group_id=0,default_permissions,allow_other", [], nil),
            ("fuse.x", "rw,user_id=0,group_id=0", [], nil),
            ("fuse.x", "rw,user_id=0,group_id=0,allow_other", [], .uncheckedMount),
            ("fuse.x", "rw", [], .userMount(nil)),
            ("fuse.x", "rw,user_id=18446744073709551616", [], .userMount(nil)),
            ("fusectl", "rw", [], nil),
        ]
        for (type, options, users, rule) in rows {
            let mount = try #require(MountEntry(bytes("36 35 98:0 / /mnt rw - \(type) source \(options)")[...]))
            #expect(MountTrust.objection(to: mount, TrustRules(users: users)) == rule, "\(type) \(options)")
        }
        #expect(MountTrust.objection(to: UInt64.max, .rootOnly) == .unknownMount(.noSuchFileOrDirectory))
    }

    @Test func onlyCanonicalPathsAreLookedUp() {
        for text in [
            "", "x", "./x", "../x", "/etc/", "//etc", "/etc//x", "/./etc", "/etc/.", "/etc/..", "/etc/../x", "//",
        ] {
            #expect(throws: TrustRefusal(path: bytes(text), component: bytes(text), rule: .notCanonical)) {
                _ = try TrustedFile.open(bytes(text), as: .document, .rootOnly)
            }
            #expect(throws: TrustRefusal.self) { _ = try TrustedDirectory.open(bytes(text), .rootOnly) }
        }
        let path = bytes("/usr/bin") + [0] + bytes("/../x")
        #expect(throws: TrustRefusal(path: path, component: path, rule: .notCanonical)) {
            _ = try TrustedFile.open(path, as: .document, .rootOnly)
        }
    }

    @Test func onlyNamesOfRunPartsAreHooks() {
        for name in ["a", "A0_-z", "0", "-", "_x"] { #expect(TrustedDirectory.isHookName(bytes(name))) }
        for name in ["", ".", "..", ".x", "a.sh", "a~", "a b", "x.dpkg-old", "é", "a/b", "#a#", "a\n"] {
            #expect(!TrustedDirectory.isHookName(bytes(name)), "\(name)")
        }
    }

    @Test func othersLearnNothingFromARefusal() {
        let rules: [TrustRule] = [.unseen(.noSuchFileOrDirectory), .unseen(.permissionDenied), .link, .owner(7)]
        let texts = rules.map { TrustRefusal(path: bytes("/a/b"), component: bytes("/a"), rule: $0).textForOthers }
        #expect(Set(texts) == ["/a/b is not there, or not trusted"])
    }
}
