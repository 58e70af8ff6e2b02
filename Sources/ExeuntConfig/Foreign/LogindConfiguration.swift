// SPDX-License-Identifier: Apache-2.0

/// What logind.conf(5) says about the ends of sessions.
public struct LogindConfiguration: Settings, Hashable {
    /// Whether logind ends what a session leaves behind; nil: nobody has said so, and it depends on how it was built.
    public var killUserProcesses: Bool?
    /// If not empty: only for sessions of these users.
    public var killOnlyUsers: [String] = []
    /// Not for sessions of these users. Unset it is root alone; an empty list spares nobody.
    public var killExcludeUsers = ["root"]
    /// Where each of them is set; what is not here is not.
    public var origins: [String: [Place]] = [:]
    /// What logind passes over, and so does this reader: values that are none, lines that are none.
    public var remarks: [ConfigurationFault] = []

    /// What logind would do without a file.
    public init() {}

    /// The configuration that these files make (`ConfigurationFiles.logind`). Keys of logind's that have nothing to do
    /// with the ends of sessions are passed over.
    public static func read(_ files: [ConfigurationFile]) -> LogindConfiguration {
        var read = Assigned<LogindConfiguration>()
        var remarks: [ConfigurationFault] = []
        for file in files {
            var isLogin = false
            for statement in Lexer.read(file, hasContinuations: true) {
                switch statement.kind {
                case .section(let name): isLogin = name == section.title
                case .assignment(let key, let value):
                    guard isLogin, section.setting(key) != nil else { continue }
                    remarks += read.take(key, value, section, statement.place)
                case .fault(let message): remarks.append(ConfigurationFault(statement.place, message))
                }
            }
        }
        var configuration = read.root
        configuration.origins = read.origins
        configuration.remarks = remarks
        return configuration
    }

    private static let section = Section<LogindConfiguration>(
        title: "Login", sentence: "Ends of sessions.",
        settings: [
            Setting("KillUserProcesses", \.killUserProcesses, .optionalFlag, "Whether left-overs are ended."),
            Setting("KillOnlyUsers", list: \.killOnlyUsers, .names, "Whose are ended."),
            Setting("KillExcludeUsers", list: \.killExcludeUsers, .names, "Whose are not."),
        ])
}
