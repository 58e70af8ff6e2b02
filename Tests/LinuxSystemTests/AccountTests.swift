// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

extension LinuxSystemSuite {
    @Suite struct Accounts {
        @Test func rootIsThere() throws {
            let root = try #require(try Account.named("root"))
            #expect(root.uid == 0)
            #expect(root.gid == 0)
            #expect(root.home == bytes("/root"))
            #expect(root.shell.first == UInt8(ascii: "/"))
            #expect(try Account.of(uid: 0) == root)
            #expect(root.groups(with: 0).contains(0))
            #expect(root.groups(with: 4711).contains(4711))
            #expect(try AccountGroup.named("root") == AccountGroup.of(gid: 0))
        }

        @Test func nobodyOfThatName() throws {
            for name in ["no-such-user", "", "0", "root:x", "no\u{e9}"] { #expect(try Account.named(name) == nil) }
            #expect(try Account.of(uid: 4_294_967_294) == nil)
            #expect(try AccountGroup.named("no-such-group") == nil)
            #expect(try AccountGroup.of(gid: 4_294_967_294) == nil)
        }

        @Test func anEmptyShellIsTheUsualOne() {
            let account = Account(name: "a", uid: 1, gid: 1, home: [], shell: [])
            #expect(account.shell == bytes("/bin/sh"))
        }

        @Test(.enabled(if: CurrentProcess.effectiveUID == 0, "privilege: reads the shadow database"))
        func rootDoesNotExpire() throws {
            #expect(try Account.named("root")?.expiry() == nil)
            let unknown = Account(name: "no-such-user", uid: 1, gid: 1, home: [], shell: [])
            #expect(try unknown.expiry() == nil)
        }

        @Test func longEntriesGetTheRoomTheyNeed() throws {
            var rooms: [Int] = []
            let found: Int? = try DatabaseEntry.find("x", 0) { entry, _, size, found in
                rooms.append(size)
                guard size > 1_000_000 else { return Errno.outOfRange.rawValue }
                entry.pointee = 7
                found.pointee = entry
                return 0
            } read: {
                $0
            }
            #expect(found == 7)
            #expect(rooms == rooms.sorted() && rooms.count > 2)
        }

        @Test func aDatabaseThatFailsIsNotOneThatHasNothing() {
            #expect(throws: SystemError("look up", "user x", .ioError)) {
                _ = try DatabaseEntry.find("user x", 0) { _, _, _, _ in
                    Errno.ioError.rawValue
                } read: {
                    $0
                }
            }
        }
    }
}
