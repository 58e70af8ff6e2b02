// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The tool of those who work on Exeunt; it is not installed.
@main
struct DevelopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exeunt-develop", abstract: "The tool of those who work on Exeunt.",
        subcommands: [
            SimulateCommand.self, StatesCommand.self, SettingsCommand.self, ScanMarkCommand.self, RaceCommand.self,
            OpenTrustedCommand.self, FuzzCommand.self,
        ])
}
