// SPDX-License-Identifier: Apache-2.0
import LinuxSystem
import Testing

extension LinuxSystemSuite {
    @Suite struct Files {
        /// Runs the script in a new directory, gives its path to the body, and removes it.
        private func inDirectory(_ script: String, _ body: (String) throws -> Void) throws {
            let made = try run("d=$(mktemp -d) && cd $d && \(script) && printf %s $d")
            #expect(made.status == .exited(0))
            defer { _ = try? run("rm -r \(made.text)") }  // try?: what is left in /tmp harms no test
            try body(made.text)
        }

        private func expect(_ errno: Errno, _ body: () throws -> Void) {
            #expect {
                try body()
            } throws: { error in
                (error as? SystemError)?.errno == errno
            }
        }

        @Test func regularFilesAreReadUpToTheLimit() throws {
            try inDirectory("printf 12345 >five && head -c 200000 /dev/zero >large && : >empty && ln -s five link") {
                (d) throws in
                #expect(try readRegularFile("\(d)/five", limit: 5) == bytes("12345"))
                #expect(try readRegularFile("\(d)/link", limit: 9) == bytes("12345"))
                #expect(try readRegularFile("\(d)/large", limit: 200_000).count == 200_000)
                #expect(try readRegularFile("\(d)/empty", limit: 0) == [])
                expect(.fileTooLarge) { _ = try readRegularFile("\(d)/five", limit: 4) }
                expect(.fileTooLarge) { _ = try readRegularFile("\(d)/large", limit: 199_999) }
            }
        }

        @Test func linesAreReadOneByOne() throws {
            let script =
                "printf 'one\\n\\n%s\\nlast' \"$(head -c 600000 /dev/zero | tr '\\0' x)\" >lines && : >empty && mkfifo fifo"
            try inDirectory(script) { (d) throws in
                for (limit, expected) in [
                    (600_000, [3, 0, 600_000, 4]), (599_999, [3, 0, -1, 4]), (3, [3, 0, -1, -1]),
                    (1 << 20, [3, 0, 600_000, 4]),
                ] {
                    var lines = try FileLines("\(d)/lines", limit: limit)
                    var found: [Int] = []
                    while let line = try lines.next() {
                        if case .text(let text) = line { found.append(text.count) } else { found.append(-1) }
                    }
                    #expect(found == expected)
                }
                var none = try FileLines("\(d)/empty", limit: 9)
                #expect(try none.next() == nil)
                expect(.invalidArgument) { _ = try FileLines("\(d)/fifo", limit: 9) }
                expect(.noSuchFileOrDirectory) { _ = try FileLines("\(d)/none", limit: 9) }
            }
        }

        @Test func whatIsNoRegularFileIsRefusedAtOnce() throws {
            try inDirectory("mkfifo fifo && mkdir sub") { (d) throws in
                expect(.invalidArgument) { _ = try readRegularFile("\(d)/fifo", limit: 9) }
                expect(.isDirectory) { _ = try readRegularFile("\(d)/sub", limit: 9) }
                expect(.noSuchFileOrDirectory) { _ = try readRegularFile("\(d)/none", limit: 9) }
            }
            expect(.invalidArgument) { _ = try readRegularFile("/dev/zero", limit: 9) }
        }

        @Test func directoriesAreListed() throws {
            try inDirectory("mkdir sub && : >a && : >.b") { (d) throws in
                #expect(try listDirectory(d).sorted() == [".b", "a", "sub"])
                #expect(try listDirectory("\(d)/sub") == [])
                expect(.notDirectory) { _ = try listDirectory("\(d)/a") }
                expect(.noSuchFileOrDirectory) { _ = try listDirectory("\(d)/none") }
            }
        }

        @Test func linksAreShownAsTheyAreWritten() throws {
            try inDirectory("ln -s /dev/null mask && ln -s nowhere dangling && : >file") { (d) throws in
                #expect(symbolicLinkTarget("\(d)/mask") == "/dev/null")
                #expect(symbolicLinkTarget("\(d)/dangling") == "nowhere")
                #expect(symbolicLinkTarget("\(d)/file") == nil)
                #expect(symbolicLinkTarget("\(d)/none") == nil)
            }
        }
    }
}
