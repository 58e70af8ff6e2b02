// SPDX-License-Identifier: Apache-2.0

/// What `glexec.conf` says: the keys of `[glexec]` that Exeunt has a part for. A new one holds the defaults.
public struct GlexecConfiguration: Settings, Hashable {
    /// Who changes the user.
    public enum Switcher: String, CaseIterable, Hashable, Sendable {
        /// gLExec's part, which is Exeunt's here.
        case glexec
        /// A plug-in that Exeunt does not have.
        case lcmaps
    }

    /// Where messages go.
    public enum LogDestination: String, CaseIterable, Hashable, Sendable {
        /// The system's log.
        case syslog
        /// The file `logFile`.
        case file
    }

    /// Whether the supervisor stays until the payload has ended.
    public var lingers = true
    /// The program that is run after the payload; an absolute canonical path.
    public var epilogue: String?
    /// Who runs the epilogue and may change it besides root; nil: root.
    public var epilogueUser: Account?
    /// The group of the epilogue, by name or number, whose members may change it; nil: group 0, and nobody.
    public var epilogueGroup: String?
    /// How long the epilogue may run.
    public var epilogueTimeout = Duration.seconds(300)
    /// Who changes the user.
    public var switcher = Switcher.lcmaps
    /// Who may call: names, and prefixes of pool accounts with a dot in front.
    public var userWhiteList: [String] = []
    /// Variables that the payload keeps.
    public var preservedVariables: [String] = []
    /// Whether the log says errors only.
    public var logsSilently = false
    /// 0, nothing, to 5, everything.
    public var logLevel = 3
    /// Where messages go.
    public var logDestination = LogDestination.syslog
    /// The file for messages.
    public var logFile: String?
    /// The facility of the system's log.
    public var syslogFacility: String?
    /// What the administrator should know and does not forbid to go on.
    public var warnings: [ConfigurationFault] = []

    /// The defaults.
    public init() {}
}
