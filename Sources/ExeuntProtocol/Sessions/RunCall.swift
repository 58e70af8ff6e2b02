// SPDX-License-Identifier: Apache-2.0

/// Runs a program as another user.
public struct RunCall: SessionsCall {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case user, group, command, environment, directory, timeLimit
    }

    /// Which one.
    public static let method = SessionsMethod.run

    /// As whom.
    public var user: String
    /// Its group, where that is not the user's.
    public var group: String?
    /// The program and its arguments.
    public var command: [String]
    /// `NAME=VALUE` each, as far as the configuration lets them through.
    public var environment: [String]
    /// Where it starts; nil: at home.
    public var directory: String?
    /// In seconds.
    public var timeLimit: Double?

    /// See the fields.
    public init(
        user: String, group: String? = nil, command: [String], environment: [String] = [], directory: String? = nil,
        timeLimit: Double? = nil
    ) {
        self.user = user
        self.group = group
        self.command = command
        self.environment = environment
        self.directory = directory
        self.timeLimit = timeLimit
    }

    /// First the session, at the end the exit code.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case session, exitCode }

        /// Its id: the caller is to send its descriptors.
        public var session: String?
        /// As `exeunt run` gives it.
        public var exitCode: Int32?

        /// See the fields.
        public init(session: String? = nil, exitCode: Int32? = nil) {
            self.session = session
            self.exitCode = exitCode
        }
    }
}
