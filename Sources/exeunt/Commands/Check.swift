// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntEngine
import LinuxSystem

/// `exeunt check`: whether what root is to run or to read can be trusted.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether hooks and configuration files can be trusted, and what would mend it.",
        discussion: """
            Every component of a path is judged as it is before the file is run or read: nobody but root may be able \
            to change it. Of a directory of hooks every entry is judged. Nothing is run. The exit code is 1 when \
            something is not trusted.
            """)

    @Flag(help: "Write one line of JSON.")
    var json = false

    @Argument(help: ArgumentHelp("A hook, a directory of hooks, or a configuration file.", valueName: "path"))
    var paths: [String]

    func run() throws {
        let findings = TrustCheck.findings(on: Self.paths(in: CurrentProcess.arguments), .rootOnly)
        let report = TrustReport(findings, uid: CurrentProcess.effectiveUID)
        let text = json ? try report.json() : report.text()
        try writeAll(text + [UInt8(ascii: "\n")], to: 1, subject: "standard output")
        CurrentProcess.exit(report.isTrusted ? 0 : 1)
    }

    /// As bytes: the parser's strings have lost whatever is not UTF-8.
    private static func paths(in arguments: [[UInt8]]) -> [[UInt8]] {
        let words = arguments.dropFirst(2).split(
            separator: Array("--".utf8), maxSplits: 1, omittingEmptySubsequences: false)
        let mixed = words.first?.filter { $0.first != UInt8(ascii: "-") } ?? []
        return mixed + words.dropFirst().joined()
    }
}
