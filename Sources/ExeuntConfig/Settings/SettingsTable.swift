// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// The one table of settings: everything that reads, checks, shows or documents a setting takes it from here.
public enum SettingsTable {
    /// All sections, for the documents.
    public static var sections: [SectionDescription] {
        [
            SectionDescription(payload), SectionDescription(hooks), SectionDescription(session),
            SectionDescription(sessionClass), SectionDescription(rule), SectionDescription(keep),
            SectionDescription(run), SectionDescription(daemon),
        ]
    }

    static let payload = Section<PayloadSettings>(
        title: "Payload",
        sentence: """
            Payloads of 'exeunt run', where root calls it. What the command line says goes before what stands here.
            """,
        settings: [
            Setting("Ladder", \.ladder, .ladder, "The signals that left-overs get, and the time that each has."),
            Setting(
                "UnkillableSec", \.unkillable, .duration,
                "How long a process may take to disappear after KILL. Then it is a survivor."),
            Setting(
                "Track", list: \.trackers, .trackers,
                "How members are found. If it is empty, 'exeunt run' takes the best that the host offers."),
            Setting("TimeLimit", \.timeLimit, .limit, "After this time the session of a payload is ended."),
        ])

    static let hooks = Section<HookSettings>(
        title: "Hooks",
        sentence: """
            Programs that are run at an ending. A directory stands for the programs in it, in the order of their names. \
            They are run only if nobody but root could have changed them.
            """,
        settings: [
            Setting(
                "Before", \.before, .path,
                "A program, or a directory of programs, to be run before left-overs are told to go."),
            Setting(
                "After", \.after, .path, "A program, or a directory of programs, to be run when the ending is over."),
            Setting(
                "TimeoutSec", \.timeout, .duration,
                "How long each of them may run. Then it is ended with everything it has started."),
            Setting("User", \.account, .account, "Who runs the programs of After=."),
            Setting(
                "CaptureOutput", \.capturesOutput, .flag,
                "Whether what they write is kept in the record, at most 64 KiB of each."),
        ])

    static let keep = Section<KeepPolicy>(
        title: "Keep",
        sentence: """
            Who may let processes of her own outlive a log-in session, with 'exeunt keep'. Root always may.
            """,
        settings: [
            Setting("Allow", list: \.allowed, .users, "These users may. If it is empty, nobody but root."),
            Setting("Deny", list: \.denied, .users, "These users may not, whatever Allow= says."),
            Setting("MaxFor", \.longest, .duration, "For this time at most."),
            Setting("PerUser", \.perUser, .count, "How many leases a user may hold at once."),
            Setting(
                "Exe", list: \.executables, .paths, "Only these programs may be kept. If it is empty, all may."),
        ])

    static let run = Section<RunPolicy>(
        title: "Run",
        sentence: """
            Which ordinary users may have the daemon run a payload as another user, with 'exeunt run --user'.
            """,
        settings: [
            Setting(
                "Allow", list: \.allowed, .pairs,
                """
                CALLER may run payloads as TARGET. Both are a user by name or number, or a @group, whose members are \
                meant. Nobody may become root.
                """)
        ])

    static let daemon = Section<DaemonSettings>(
        title: "Daemon", sentence: "What exeuntd writes.",
        settings: [
            Setting("RecordFile", \.recordFile, .path, "The file that gets the record of each ending, one a line."),
            Setting("SyslogFacility", \.facility, .facility, "The facility of its messages in the system's log."),
            Setting(
                "Metrics", \.writesMetrics, .flag,
                "Whether /run/exeunt/metrics.prom is written, for a collector of metrics."),
        ])
}
