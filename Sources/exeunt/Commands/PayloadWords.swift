// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntCore
import LinuxSystem

/// The command at the end of a command line.
enum PayloadWords {
    /// As bytes: the parser's strings have lost whatever is not UTF-8. Empty when there is none.
    /// - Parameters:
    ///   - command: what the parser has passed on.
    ///   - owner: whose help it is that is asked for.
    static func taken(_ command: [String], for owner: any ParsableCommand.Type) throws -> [[UInt8]] {
        let count = command.first == "--" ? command.count - 1 : command.count
        // Words that are passed on are not searched for the parser's own options.
        if command.first == "--help" || command.first == "-h" { throw CleanExit.helpRequest(owner) }
        if let option = command.first, option.hasPrefix("-"), option != "--" {
            let shown = Escaping.shown(option.utf8)
            throw ValidationError("unknown option '\(shown)'; a command that begins with '-' follows '--'")
        }
        return Array(CurrentProcess.arguments.suffix(count))
    }
}
