// SPDX-License-Identifier: Apache-2.0

/// What PAM told about a log-in. Users choose parts of it: nothing here is evidence, and all of it is escaped before it is
/// shown.
public struct LoginFacts: Hashable, Sendable {
    /// The log-in name of the owner.
    public var user: String
    /// What the session is there for.
    public var sessionClass: SessionClass
    /// How somebody works in it.
    public var type: SessionType
    /// The PAM service, such as `sshd`.
    public var service: String
    /// The terminal, or what the service calls one (`ssh`, `cron`, a display).
    public var tty: String?
    /// The X display.
    public var display: String?
    /// Where somebody has come from, as the service has it: a name or an address.
    public var remoteHost: String?
    /// Who asked there.
    public var remoteUser: String?

    /// A log-in; see the fields.
    public init(
        user: String, sessionClass: SessionClass = .user, type: SessionType = .unspecified, service: String,
        tty: String? = nil, display: String? = nil, remoteHost: String? = nil, remoteUser: String? = nil
    ) {
        self.user = user
        self.sessionClass = sessionClass
        self.type = type
        self.service = service
        self.tty = tty
        self.display = display
        self.remoteHost = remoteHost
        self.remoteUser = remoteUser
    }
}
