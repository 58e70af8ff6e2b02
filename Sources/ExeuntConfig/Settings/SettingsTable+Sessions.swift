// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension SettingsTable {
    static let session = Section<SessionSettings>(
        title: "Session",
        sentence: "Log-in sessions, and what they leave behind.",
        settings: [
            Setting(
                "UseLogindConf", \.usesLogindConf, .flag,
                """
                Whether KillUserProcesses=, KillOnlyUsers= and KillExcludeUsers= of logind.conf(5) hold where they are \
                not set here.
                """),
            Setting(
                "KillUserProcesses", \.policy, .killPolicy,
                "Whether what a session leaves behind is ended. With report it is written down, and nothing is signalled."
            ),
            Setting(
                "KillOnlyUsers", list: \.onlyUsers, .users,
                """
                If it is not empty, what sessions of these users leave behind is ended, even where \
                KillUserProcesses=no, and nothing else is.
                """),
            Setting(
                "KillExcludeUsers", list: \.excludedUsers, .users,
                "What sessions of these users leave behind lives on, whatever the other lists say."),
            Setting(
                "Track", list: \.trackers, .sessionTrackers,
                "How members are found. The weak ways, mark, group and user, count only if they are named here."),
            Setting(
                "OwnUnits", \.ownUnits, .action,
                """
                What happens to members that systemd has moved into units of their own on request (systemd-run --user \
                --scope): keep, as logind does; report; or end, which makes them left-overs like others.
                """),
            Setting("Ladder", \.ladder, .ladder, "The signals that left-overs get, and the time that each has."),
            Setting(
                "UnkillableSec", \.unkillable, .duration,
                "How long a process may take to disappear after KILL. Then it is a survivor."),
        ])

    static let sessionClass = Section<ClassPolicy>(
        title: "Class NAME",
        sentence: """
            What is different for the sessions of one class: user, greeter (of a display manager) or background (cron, \
            at, batch systems). What is empty is as [Session] has it.
            """,
        settings: [
            Setting(
                "KillUserProcesses", \.killUserProcesses, .optional(.killPolicy),
                "Whether what such a session leaves behind is ended, where no list of users decides."),
            Setting(
                "Ladder", \.ladder, .optional(.ladder),
                "The signals that left-overs get, and the time that each has."),
            Setting(
                "UnkillableSec", \.unkillable, .optional(.duration),
                "How long a process may take to disappear after KILL."),
            Setting("Track", list: \.trackers, .sessionTrackers, "How members are found."),
            Setting(
                "OwnUnits", \.ownUnits, .optional(.action), "What happens to members in units of their own."),
        ])

    static let rule = Section<SessionRule>(
        title: "Rule NAME",
        sentence: """
            What happens to certain left-overs of sessions that are ended, and to what they have started. There can be \
            any number of such sections; for each process the first one decides whose conditions all hold. A condition \
            that is empty holds always; of one that is a list, one word has to fit.
            """,
        settings: conditions + [
            Setting(
                "Action", \.action, .action,
                """
                What happens to the process. Every rule has to say it, but one that sets Ladder=, UnkillableSec=, Track= \
                or OwnUnits=.
                """),
            Setting(
                "For", \.lasting, .limit,
                "How long after the session's end the process may stay, where the action is keep. Then it is ended."),
            Setting(
                "Ladder", \.ladder, .optional(.ladder),
                """
                The ladder of the whole session. It is taken from the first rule that fits the session and its owner \
                and has it, and so are UnkillableSec=, Track= and OwnUnits=; all four go without Exe= and OlderThan=.
                """),
            Setting(
                "UnkillableSec", \.unkillable, .optional(.duration),
                "How long processes of the whole session may take to disappear after KILL."),
            Setting("Track", list: \.trackers, .sessionTrackers, "How members of the whole session are found."),
            Setting(
                "OwnUnits", \.ownUnits, .optional(.action),
                "What happens to members of the whole session in units of their own."),
        ])

    private static let conditions: [Setting<SessionRule>] = [
        Setting(
            "User", list: \.users, .users,
            "The process runs as one of these users (its effective uid), whoever owns the session."),
        Setting("Group", list: \.groups, .groups, "That user is a member of one of these groups."),
        Setting("Class", list: \.classes, .choices("class", SessionClass.ofLogins), "The session is of this class."),
        Setting(
            "Type", list: \.types, .choices("type", SessionType.allCases), "The session is of this type."),
        Setting("Service", list: \.services, .patterns("PAM services"), "The PAM service that has opened the session."),
        Setting(
            "TTY", list: \.terminals, .patterns("terminals", removing: "/dev/"),
            "The terminal of the session, without /dev/."),
        Setting(
            "RemoteHost", list: \.remoteHosts, .patterns("hosts"),
            "Where the session has come from, as its service has it: a name, in capital letters or not, or an address."),
        Setting("Display", list: \.displays, .patterns("X displays"), "The display of the session, such as :0."),
        Setting(
            "Exe", list: \.executables, .paths,
            "The process runs one of these programs. The file counts, and not what the process calls itself."),
        Setting("OlderThan", \.minimumAge, .optional(.duration), "The process was started longer ago than this."),
    ]
}
