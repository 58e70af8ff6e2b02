// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntClient
import ExeuntConfig
import ExeuntCore
import LinuxSystem

/// The command line: one file per command under `Commands`.
@main
struct Exeunt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exeunt", abstract: "Ends what a session leaves behind.",
        discussion: "'exeunt run -- COMMAND' runs a command and, when it ends, ends everything it has left behind.",
        version: "0.1.0",
        subcommands: [
            Run.self, List.self, Show.self, End.self, Keep.self, Leases.self, Release.self, History.self, Report.self,
            Doctor.self, Check.self, Config.self,
        ])

    static func main() {
        do {
            // Before anything is opened: nothing of Exeunt's may become a standard descriptor of the payload's.
            try CurrentProcess.fillStandardDescriptors()
            if CurrentProcess.isSetUID { refuseSetUID() }
            // Swift takes the command line from /proc; without it a payload would not be run, and nothing be said.
            if CurrentProcess.arguments.isEmpty {
                throw SystemError("read", "/proc/self/cmdline (is /proc mounted?)", .noSuchFileOrDirectory)
            }
            // Reading options takes longer than everything else that happens before the payload runs, and by far the
            // most calls have none.
            if let payload = Run.plainPayload(CurrentProcess.arguments) { try Run.run(payload) }
            // Of a payload's words only the number counts: they are taken as bytes later.
            var command = try parseAsRoot(HookOptions.completed(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch {
            leave(with: error)
        }
    }

    /// The options leave no right of root's out.
    private static func refuseSetUID() -> Never {
        Console.message("this program is set-uid, which would make root of everybody; 'chmod u-s' mends it")
        CurrentProcess.exit(125)
    }

    /// Help and version are no failures; everything else about the command line is a usage error.
    private static func leave(with error: any Error) -> Never {
        let code = exitCode(for: error)
        if code.isSuccess {
            do throws(SystemError) {
                try Console.output(fullMessage(for: error))
                CurrentProcess.exit(0)
            } catch {
                Console.message("\(error)")
                CurrentProcess.exit(125)
            }
        }
        // ArgumentParser's own code for bad usage is 64; users of env, timeout and nohup expect 2 here.
        let isUsage = code == .validationFailure
        let convention = HookOptions.convention(CurrentProcess.arguments)
        if isUsage {
            Console.message("\(message(for: error))\n\(usage(for: error))")
            CurrentProcess.exit(convention.usage)
        }
        if let error = error as? ClientError {
            Console.message(Escaping.shown(DaemonCall.text(error).utf8))
            CurrentProcess.exit(DaemonCall.exitCode(for: error))
        }
        if error is ConfigurationFaults, CurrentProcess.effectiveUID == 0, CurrentProcess.uid != 0 {
            // Root has looked for somebody who may not.
            Console.message("the configuration of this host cannot be used; 'exeunt check' tells root why")
        } else {
            Console.failure(error)
        }
        CurrentProcess.exit(convention.failure)
    }

    private static func usage(for error: any Error) -> String {
        let word = CurrentProcess.arguments.dropFirst().first ?? []
        let commands = configuration.subcommands.map { $0._commandName }
        for command in commands where word == Array(command.utf8) {
            return "'exeunt help \(command)' shows the options"
        }
        return "'exeunt help' shows the commands"
    }
}
