// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import LinuxSystem

extension LinuxSystemSuite {
    @Suite struct TrustedFiles {
        /// One that is trusted on every host, also where root is somebody else's.
        private let path = bytes("/etc/passwd")
        private let rules: TrustRules

        init() throws { rules = TrustRules(users: [try FileFacts.of("/etc/passwd").owner]) }

        @Test func contentsAreThoseOfTheFileHeld() throws {
            let expected = try readFile("/etc/passwd")
            let file = try TrustedFile.open(path, as: .document, rules)
            #expect(file.path == path)
            #expect(try file.contents(limit: 1 << 20) == expected)
            #expect(try file.contents(limit: expected.count) == expected)
            let identity = file.identity
            #expect(try identity == FileIdentity.of(path: "/etc/passwd"))
        }

        @Test func whatIsTooLargeIsNotReadInPart() throws {
            let size = try readFile("/etc/passwd").count
            let file = try TrustedFile.open(path, as: .document, rules)
            for limit in [0, size - 1] {
                #expect(throws: SystemError("read", "/etc/passwd", .fileTooLarge)) {
                    _ = try file.contents(limit: limit)
                }
            }
        }

        @Test func aRefusalNamesTheComponent() {
            let missing = bytes("/etc/nonexistent/x/y")
            let refusal = TrustRefusal(
                path: missing, component: bytes("/etc/nonexistent"), rule: .unseen(.noSuchFileOrDirectory))
            #expect(throws: refusal) { _ = try TrustedFile.open(missing, as: .document, rules) }
            #expect(
                refusal.description
                    == "/etc/nonexistent/x/y is not trusted: "
                    + "/etc/nonexistent cannot be opened: no such file or directory [ENOENT]")
            #expect(throws: TrustRefusal(path: bytes("/"), component: bytes("/"), rule: .notFile)) {
                _ = try TrustedFile.open(bytes("/"), as: .program, rules)
            }
        }

        /// In a child: no other test opens anything there.
        @Test func nothingIsLeftOpen() throws {
            let isRight = try inChild {
                let before = try descriptorCount()
                for text in ["/etc/passwd", "/etc/nonexistent", "/dev/null", "/etc", "/etc/passwd/x"] {
                    // try?: what is refused must not stay open, either.
                    _ = try? TrustedFile.open(bytes(text), as: .document, rules).contents(limit: 1 << 20)
                    _ = try? TrustedDirectory.open(bytes(text), rules).hooks()
                }
                guard try descriptorCount() == before else { return false }
                let held = try TrustedFile.open(path, as: .document, rules)
                return try descriptorCount() == before + 1 && held.descriptor > 2
            }
            #expect(isRight)
        }

        private func descriptorCount() throws -> Int {
            var count = 0
            let directory = Descriptor(adopting: open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
            try DirectoryReader().forEachEntry(of: directory.number, place: "/proc/self/fd") { _ in count += 1 }
            return count
        }
    }
}
