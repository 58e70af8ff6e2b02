// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// Messages to people, on standard error, unbuffered: nothing of them is written twice by a forked process.
enum Console {
    /// What was asked for, on standard output.
    static func output(_ text: String) throws(SystemError) {
        try writeAll(Array((text + "\n").utf8), to: 1, subject: "standard output")
    }

    /// One or more lines as they are, on standard error.
    static func error(_ text: String, patience: Duration? = nil) { write(text + "\n", patience: patience) }

    /// One or more lines, each with the program's name before it.
    static func message(_ text: String, patience: Duration? = nil) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        error(lines.map { "exeunt: \($0)" }.joined(separator: "\n"), patience: patience)
    }

    /// An error, which names paths and commands, and they may hold anything: only faults of a configuration, which
    /// shows them escaped itself, have a line each.
    static func failure(_ error: any Error, patience: Duration? = nil) {
        switch error {
        case is ConfigurationFaults, GlexecError.configuration: message("\(error)", patience: patience)
        default: message(Escaping.shown("\(error)".utf8), patience: patience)
        }
    }

    /// Text as it is.
    /// - Parameter patience: how long to wait for somebody who has stopped the terminal or does not read the pipe; nil
    ///   waits for ever.
    static func write(_ text: String, patience: Duration? = nil) {
        if let patience {
            writeBounded(Array(text.utf8), to: 2, patience: patience)
            return
        }
        // try?: there is nobody to tell that standard error cannot be written to.
        try? writeAll(Array(text.utf8), to: 2, subject: "standard error")
    }
}
