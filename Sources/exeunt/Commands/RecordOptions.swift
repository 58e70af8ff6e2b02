// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntCore
import ExeuntReports
import LinuxSystem

/// The options that say which endings are looked at.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Endings since then: a day or time such as 2026-01-31 or 2026-01-31T12:00, 'yesterday', or how long ago, such as 2h.",
            valueName: "when"))
    var since: String?

    /// A usage error where it is no time.
    func time() throws -> EndingRecord.CivilTime? {
        try since.map { text in
            try UsageError.reading("--since", text) { text throws(TextError) in
                try WhenText.parse(text, now: CivilClock.now(), zone: OutputStyle.zone)
            }
        }
    }
}
