// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import LinuxSystem

/// The command line: one file per command under `Commands`.
@main
struct Exeunt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exeunt", abstract: "Ends what a session leaves behind.",
        discussion: "'exeunt run -- COMMAND' runs a command and, when it ends, ends everything it has left behind.",
        version: "0.1.0", subcommands: [Run.self])

    static func main() {
        do {
            // Before anything is opened: nothing of Exeunt's may become a standard descriptor of the payload's.
            try CurrentProcess.fillStandardDescriptors()
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let code = exitCode(for: error)
            // ArgumentParser's own code for bad usage is 64; users of env, timeout and nohup expect 2 here.
            let text = fullMessage(for: error)
            if code.isSuccess {
                if !text.isEmpty { print(text) }
                CurrentProcess.exit(0)
            }
            if !text.isEmpty { Console.error(text) }
            CurrentProcess.exit(code == .validationFailure ? 2 : code.rawValue)
        }
    }
}
