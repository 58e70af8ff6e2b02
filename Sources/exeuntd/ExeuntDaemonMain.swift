// SPDX-License-Identifier: Apache-2.0
import ExeuntDaemon
import LinuxSystem

/// `exeuntd`: keeps the sessions of log-ins, in the foreground.
@main
enum ExeuntDaemonMain {
    static func main() {
        do {
            try CurrentProcess.fillStandardDescriptors()
            let arguments = CommandLine.arguments.dropFirst()
            switch arguments.first {
            case nil: try run(isEchoed: false)
            case "--verbose" where arguments.count == 1: try run(isEchoed: true)
            case "--help" where arguments.count == 1: try write(help, to: 1)
            case "--version" where arguments.count == 1: try write("0.1.0\n", to: 1)
            default:
                try write("exeuntd: unknown argument \(arguments.joined(separator: " "))\n\(help)", to: 2)
                CurrentProcess.exit(2)
            }
        } catch {
            Daemon.noteFailure(error)
            // try?: there is nobody to tell that standard error cannot be written to.
            try? write("exeuntd: \(error)\n", to: 2)
            CurrentProcess.exit(1)
        }
    }

    private static let help = """
        Usage: exeuntd [--verbose | --help | --version]

        Keeps the sessions of log-ins and ends what they leave behind. Runs in the foreground.

          --verbose  write to standard error, too, what goes to the host's log

        """

    private static func write(_ text: String, to descriptor: CInt) throws(SystemError) {
        try writeAll(Array(text.utf8), to: descriptor, subject: "descriptor \(descriptor)")
    }

    private static func run(isEchoed: Bool) throws {
        guard CurrentProcess.effectiveUID == 0 else {
            throw SystemError("start", "exeuntd, which takes root", .notPermitted)
        }
        try CurrentProcess.closeInheritedDescriptors(replacingStandard: [0])
        try Daemon(isEchoed: isEchoed).run()
    }
}
