// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntEngine
import LinuxSystem

/// `exeunt doctor`: what this host can do.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what this host can do, and how to get what is missing.",
        discussion: """
            Everything is tried out, with short-lived processes and a control group of its own, and nothing of that is \
            left behind. The exit code is 1 when 'exeunt run' would have no tracker that can be relied on.
            """)

    @Flag(help: "Write one line of JSON.")
    var json = false

    func run() throws {
        let examination = Examination.ofThisHost()
        let report = DoctorReport(examination)
        let text =
            json
            ? try report.json()
            : report.text(
                DoctorReport.Style(
                    hasColour: OutputStyle.hasColour, width: isTerminal(1) ? windowSize(1)?.columns : nil))
        try writeAll(text + [UInt8(ascii: "\n")], to: 1, subject: "standard output")
        CurrentProcess.exit(examination.isStrong ? 0 : 1)
    }
}
