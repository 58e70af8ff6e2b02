// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

/// An entry of `system.posix_acl_access`.
private func entry(_ tag: UInt8, _ permissions: UInt8, _ id: UInt32 = .max) -> [UInt8] {
    [tag, 0, permissions, 0] + (0..<4).map { UInt8(truncatingIfNeeded: id >> ($0 * 8)) }
}

private func posix(_ entries: [UInt8]...) -> AccessList? { AccessList(posix: [2, 0, 0, 0] + entries.joined()) }

private func number(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

/// An entry of `system.nfs4_acl`.
private func ace(_ name: String, _ mask: UInt32, type: UInt32 = 0, flags: UInt32 = 0) -> [UInt8] {
    let padding = Array(repeating: UInt8(0), count: (4 - name.utf8.count % 4) % 4)
    return number(type) + number(flags) + number(mask) + number(UInt32(name.utf8.count)) + Array(name.utf8) + padding
}

private func nfs(_ entries: [UInt8]...) -> AccessList? {
    AccessList(nfs: number(UInt32(entries.count)) + entries.joined())
}

@Suite struct AccessListTests {
    @Test func whoWritesIsReadFromAPosixList() {
        #expect(posix(entry(1, 7), entry(4, 5), entry(0x20, 5))?.writers == [])
        #expect(
            posix(entry(1, 7), entry(2, 6, 1000), entry(4, 5), entry(0x10, 7), entry(0x20, 5))?.writers == [.user(1000)]
        )
        #expect(
            posix(entry(8, 2, 50), entry(4, 7), entry(0x10, 2), entry(0x20, 2))?.writers == [
                .group(50), .owningGroup, .everyone,
            ])
    }

    @Test func theMaskTakesWritingAway() {
        let list = posix(entry(1, 7), entry(2, 7, 1), entry(4, 7), entry(8, 7, 2), entry(0x10, 5), entry(0x20, 0))
        #expect(list?.writers == [])
        // Others are not under the mask.
        #expect(posix(entry(0x10, 0), entry(0x20, 2))?.writers == [.everyone])
        #expect(list?.dialect == .posix)
    }

    @Test func whatIsNoPosixListIsNone() {
        let broken: [[UInt8]] = [
            [], [2, 0, 0], [1, 0, 0, 0], [2, 0, 0, 0, 1], [2, 0, 0, 0] + entry(3, 0),
            [2, 0, 0, 0] + entry(1, 7).dropLast(),
        ]
        for value in broken { #expect(AccessList(posix: value) == nil) }
    }

    @Test func whoWritesIsReadFromAServersList() {
        #expect(nfs(ace("OWNER@", 0x1601ff), ace("GROUP@", 0x1200a9), ace("EVERYONE@", 0x1200a9))?.writers == [])
        #expect(nfs(ace("GROUP@", 0x2), ace("EVERYONE@", 0x4))?.writers == [.owningGroup, .everyone])
        #expect(nfs(ace("bob@example.org", 0x40000))?.writers == [.named(bytes("bob@example.org"))])
        #expect(nfs(ace("1000", 0x40), ace("50", 0x80000, flags: 0x40))?.writers == [.user(1000), .group(50)])
        #expect(nfs(ace("root@example.org", 0x2), ace("root", 0x2))?.writers == [])
        #expect(nfs(ace("root@example.org", 0x10000, flags: 0x40))?.writers == [.named(bytes("root@example.org"))])
        #expect(nfs(ace("rooty", 0x2))?.writers == [.named(bytes("rooty"))])
    }

    @Test func whatDeniesOrIsOnlyInheritedGrantsNothing() {
        #expect(nfs(ace("EVERYONE@", 0x2, type: 1), ace("bob@x", 0x2, flags: 0x8))?.writers == [])
        // A denial before it takes nothing away.
        #expect(nfs(ace("EVERYONE@", 0x2, type: 1), ace("EVERYONE@", 0x2))?.writers == [.everyone])
        #expect(nfs()?.dialect == .nfs)
    }

    @Test func whatIsNoServersListIsNone() {
        let whole = number(1) + ace("bob@x", 0x2)
        for length in 0..<(whole.count - 3) { #expect(AccessList(nfs: Array(whole.prefix(length))) == nil) }
        #expect(AccessList(nfs: number(.max) + ace("a", 0)) == nil)
    }

    @Test func whatCannotBeReadIsNotTakenForNone() throws {
        func found(_ posix: ExtendedAttribute.Answer, _ network: ExtendedAttribute.Answer = .unsupported) throws
            -> AccessList?
        {
            try AccessList.found { "\($0)" == "system.nfs4_acl" ? network : posix }
        }
        #expect(try found(.absent) == nil)
        #expect(try found(.unsupported) == nil)
        #expect(try found(.unsupported, .absent) == nil)
        // A file system that has the one does not have the other.
        #expect(try found(.absent, .failed(.permissionDenied)) == nil)
        #expect(try found(.value([2, 0, 0, 0] + entry(0x20, 2))) == AccessList(.posix, [.everyone]))
        #expect(try found(.unsupported, .value(number(1) + ace("7", 2))) == AccessList(.nfs, [.user(7)]))
        for errno: Errno in [.permissionDenied, .ioError, .noSuchFileOrDirectory] {
            #expect(throws: TrustRule.unknownAccessList(errno)) { try found(.failed(errno)) }
            #expect(throws: TrustRule.unknownAccessList(errno)) { try found(.unsupported, .failed(errno)) }
        }
        #expect(throws: TrustRule.unknownAccessList(.invalidArgument)) { try found(.value([1])) }
        #expect(throws: TrustRule.unknownAccessList(.invalidArgument)) { try found(.unsupported, .value([1])) }
    }
}
