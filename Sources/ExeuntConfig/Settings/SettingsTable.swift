// SPDX-License-Identifier: Apache-2.0

/// The one table of settings: everything that reads, checks, shows or documents a setting takes it from here.
public enum SettingsTable {
    /// All sections, for the documents.
    public static var sections: [SectionDescription] {
        [
            SectionDescription(payload), SectionDescription(hooks), SectionDescription(session),
            SectionDescription(rule),
            SectionDescription(keep),
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

    static let session = Section<SessionSettings>(
        title: "Session",
        sentence: """
            Log-in sessions. This version keeps no log-in sessions: these settings are checked and shown, and have no \
            effect.
            """,
        settings: [
            Setting(
                "KillUserProcesses", \.policy, .killPolicy,
                "Whether what a session leaves behind is ended. With report it is written down, and nothing is signalled."
            ),
            Setting(
                "KillOnlyUsers", list: \.onlyUsers, .users,
                "If it is not empty, only what sessions of these users leave behind is ended."),
            Setting(
                "KillExcludeUsers", list: \.excludedUsers, .users,
                "What sessions of these users leave behind lives on, whatever the other lists say."),
            Setting(
                "Track", list: \.trackers, .sessionTrackers,
                "How members are found. The weak ways, mark, group and user, count only if they are named here."),
            Setting("Ladder", \.ladder, .ladder, "The signals that left-overs get, and the time that each has."),
            Setting(
                "UnkillableSec", \.unkillable, .duration,
                "How long a process may take to disappear after KILL. Then it is a survivor."),
        ])

    static let rule = Section<ConfiguredRule>(
        title: "Rule NAME",
        sentence: """
            What happens to certain left-overs of log-in sessions, and to what they start. There can be any number of \
            such sections; the first one that fits a process decides. This version keeps no log-in sessions: rules are \
            checked and shown, and have no effect.
            """,
        settings: [
            Setting(
                "User", list: \.users, .users,
                "The rule is about processes of these users. If it is empty, about everybody's."),
            Setting("Exe", list: \.executables, .paths, "The rule is about these programs. If it is empty, about all."),
            Setting("Action", \.action, .action, "What happens to the process. Every rule has to say it."),
            Setting("For", \.lease, .limit, "How long the process may stay, where the action is keep."),
        ])

    static let keep = Section<KeepSettings>(
        title: "Keep",
        sentence: """
            Who may let processes outlive a log-in session. This version keeps no log-in sessions: these settings are \
            checked and shown, and have no effect.
            """,
        settings: [
            Setting("Allow", list: \.allowed, .users, "These users may. If it is empty, nobody but root."),
            Setting("MaxFor", \.longest, .duration, "For this time at most."),
        ])
}
