// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntConfig
import LinuxSystem

/// `exeunt-develop settings`: the documents that are made from the table of settings.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Print the documents that are made from the table of settings.",
        discussion: "Without an option it is docs/exeunt.conf.example.")

    @Option(help: ArgumentHelp("Print this man page, its settings made anew.", valueName: "path"))
    var manual: String?

    func run() throws {
        guard let manual else { return print(ExampleFile.text, terminator: "") }
        let page = String(decoding: try readFile(manual), as: UTF8.self)
        guard let renewed = ManualSettings.renewed(page) else {
            throw ValidationError("\(manual) does not have the two lines between which the settings stand")
        }
        print(renewed, terminator: "")
    }
}
