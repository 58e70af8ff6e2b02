// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntConfig
import ExeuntEngine
import LinuxSystem

/// `exeunt config`: the configuration in force, or everything that is wrong with it.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the settings in force, and where each of them comes from.",
        discussion: """
            Reads what stands in exeunt.conf(5), with its drop-ins, and checks all of it. Settings that logind shares \
            come from logind.conf(5) where nothing else says what they are. The exit code is 1, and \
            everything that is wrong is named, when the configuration cannot be used.
            """)

    @Flag(help: "Write one line of JSON.")
    var json = false

    @Option(help: ArgumentHelp("Examine this file alone.", valueName: "path"))
    var file: String?

    @Flag(help: "Write an example file that holds every setting with its default.")
    var defaults = false

    func validate() throws {
        if defaults && json { throw ValidationError("--defaults and --json exclude each other") }
        if defaults && file != nil { throw ValidationError("--defaults and --file exclude each other") }
    }

    func run() throws {
        if defaults { return try write(Array(ExampleFile.text.utf8)) }
        let configuration: EffectiveConfiguration
        do throws(ConfigurationFaults) {
            if let file {
                configuration = try ConfigurationLoader.examine(file)
            } else {
                configuration = try ConfigurationLoader.loadForLogins().configuration
            }
        } catch {
            Console.message("\(error)")
            CurrentProcess.exit(1)
        }
        if file == nil, !configuration.files.isEmpty, CurrentProcess.effectiveUID != 0 {
            Console.message("this is in force for what root runs; what you run has the defaults")
        }
        let report = ConfigurationReport(configuration)
        try write((json ? try report.json() : report.text()) + [UInt8(ascii: "\n")])
    }

    private func write(_ bytes: [UInt8]) throws(SystemError) {
        try writeAll(bytes, to: 1, subject: "standard output")
    }
}
