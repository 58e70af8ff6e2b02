// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `exeunt-develop states`: what the state machines do, as `docs/states.md` shows it.
struct StatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "states", abstract: "Print docs/states.md, made from the state machines themselves.")

    func run() {
        print(StatesDocument.text, terminator: "")
    }
}
