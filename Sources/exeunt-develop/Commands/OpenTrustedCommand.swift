// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import LinuxSystem

/// `exeunt-develop open-trusted`: the check of trust alone, so that it can be measured.
struct OpenTrustedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open-trusted", abstract: "Open a trusted program; print how many nanoseconds that takes.")

    @Argument(help: "The program.")
    var path: String

    @Option(help: "How many times.")
    var times = 1000

    func validate() throws {
        if times < 1 { throw ValidationError("--times must be at least 1.") }
    }

    func run() throws {
        let path = Array(self.path.utf8)
        let clock = ContinuousClock()
        let spent = try clock.measure {
            for _ in 0..<times { _ = try TrustedFile.open(path, as: .program, .rootOnly) }
        }
        print((spent / times).components.attoseconds / 1_000_000_000)
    }
}
