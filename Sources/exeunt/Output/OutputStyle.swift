// SPDX-License-Identifier: Apache-2.0
import ExeuntReports
import LinuxSystem

/// How what was asked for is written: for people at a terminal, or for whatever reads it.
enum OutputStyle {
    /// Colour where somebody looks, and has not asked for none (no-color.org).
    static var hasColour: Bool {
        guard isTerminal(1) else { return false }
        let noColour = CurrentProcess.environment.contains { entry in
            entry.starts(with: Array("NO_COLOR=".utf8)) && entry.count > "NO_COLOR=".utf8.count
        }
        return !noColour && !CurrentProcess.environment.contains(Array("TERM=dumb".utf8))
    }

    /// The clocks on this host's walls.
    static var zone: LocalZone { LocalZone { CivilClock.secondsEastOfUTC(at: $0) } }

    /// Lines of text on standard output.
    static func write(_ lines: [String]) throws(SystemError) {
        if !lines.isEmpty { try Console.output(lines.joined(separator: "\n")) }
    }

    /// One document on standard output.
    static func write(document: [UInt8]) throws(SystemError) {
        try writeAll(document + [UInt8(ascii: "\n")], to: 1, subject: "standard output")
    }

    /// That there is nothing to show is no error, and of no interest to a program.
    static func noteNone(_ what: String) {
        if isTerminal(1) && isTerminal(2) { Console.message(what) }
    }
}
